"""The parts of a mail as files: its HTML for a frame, its source, its attachments and what is in their ZIPs."""

import mimetypes

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from cartero.companies.roles import Role
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest
from cartero.pages.mailbox.only_here import demonstration, mail_or_404
from cartero.pages.mailbox.opened import Attachment, open_mail

PLAIN = "text/plain; charset=utf-8"
# A mail is a stranger's page: it may have its styles and the pictures in it, run nothing and load nothing.
MAIL_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@require_GET
@demonstration
@role(Role.READER)
@csp(MAIL_POLICY)  # type: ignore[arg-type]  # it takes any view
def html(request: CompanyRequest, key: str) -> HttpResponse:
    _kept, raw = mail_or_404(key)
    return HttpResponse(open_mail(raw).html)


@require_GET
@demonstration
@role(Role.READER)
def source(request: CompanyRequest, key: str) -> HttpResponse:
    _kept, raw = mail_or_404(key)
    return HttpResponse(raw, content_type=PLAIN)


@require_GET
@demonstration
@role(Role.READER)
def eml(request: CompanyRequest, key: str) -> HttpResponse:
    kept, raw = mail_or_404(key)
    return _file(f"{kept.key}.eml", raw, opens_here=False)


@require_GET
@demonstration
@role(Role.READER)
def attachment(request: CompanyRequest, key: str, position: int) -> HttpResponse:
    found = _attachment(key, position)
    return _file(found.name, found.content, opens_here=found.opens_here)


@require_GET
@demonstration
@role(Role.READER)
def entry(request: CompanyRequest, key: str, position: int, entry: int) -> HttpResponse:
    found = _attachment(key, position)
    unpacked = found.unpacked(entry)
    if unpacked is None:
        raise Http404
    return _file(*unpacked, opens_here=found.entries[entry].opens_here)


def _attachment(key: str, position: int) -> Attachment:
    _kept, raw = mail_or_404(key)
    found = open_mail(raw).attachment(position)
    if found is None:
        raise Http404
    return found


def _file(name: str, content: bytes, *, opens_here: bool) -> HttpResponse:
    """Shown by the browser or saved. An XML is shown as text: as a page it could bring anything."""
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    kind = PLAIN if opens_here and guessed != "application/pdf" else guessed
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(not opens_here, name) or "attachment"
    return response
