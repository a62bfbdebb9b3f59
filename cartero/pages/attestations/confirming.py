"""What a constancia's code opens, for whoever holds it: whether it is real, and nothing of whose mails they were."""

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cartero.documents.attestation import moment
from cartero.mailings import attesting
from cartero.mailings.models import Attestation
from cartero.pages import limiting
from cartero.pages.access import public
from cartero.pages.unlisted import unlisted

SIZE = 50
WHAT = "constancia"
MOST = 20  # wrong codes of one address in a minute


@require_GET
@public
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """Whatever is no code of a constancia is answered alike. `?huella=` compares the SHA-256 of a PDF."""
    if limiting.is_over(request, WHAT, MOST):
        answer = render(request, "attestations/wait.html", status=429)
        answer["Retry-After"] = str(limiting.SECONDS)
        return unlisted(answer)
    issued = attesting.find(code)
    if issued is None:
        limiting.count(request, WHAT)
        return unlisted(render(request, "attestations/unknown.html", status=404))
    return unlisted(render(request, "attestations/confirmed.html", _shown(request, issued)))


def _shown(request: HttpRequest, issued: Attestation) -> Mapping[str, Any]:
    tz = ZoneInfo(issued.company.timezone)
    mails = len(issued.deliveries)
    asked = request.GET.get("pagina", "")
    page = int(asked) if re.fullmatch(r"[1-9][0-9]{0,4}", asked) else 1
    first = (page - 1) * SIZE
    confirmed = attesting.confirmed(issued, first, SIZE)
    typed = "".join(request.GET.get("huella", "").split()).lower()[:64]
    return {
        "attestation": issued,
        "mails": mails,
        "issued_at": moment(issued.issued_at, tz),
        "first": first,
        "lines": [(moment(mail.accepted_at, tz), mail) for mail in confirmed],
        "previous": page - 1,
        "next": page + 1 if first + SIZE < mails else 0,
        "typed": typed,
        "is_same": typed == issued.pdf_sha256,
    }
