"""The documents of a mail: what they come to, each as PDF in the page and to take, the company's page of payments."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import date

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from cartero.invoices import storing
from cartero.invoices.data import Document
from cartero.mailings import handing
from cartero.mailings.models import Delivery
from cartero.pages.http import framable
from cartero.pages.recipient import linked
from cartero.pages.recipient.forms import DisownForm, RemarkForm
from cartero.pages.recipient.linked import linked as behind_a_link
from cartero.platform import formats
from cartero.tracking import visiting
from cartero.tracking.visiting import Opened

# What is said when an answer was given, by the last part of its address.
DONE: Mapping[str, str | Promise] = {
    "conforme": _("Gracias: quedó registrado que lo recibió conforme."),
    "observacion": _("Gracias: su observación le llega a quien le envió los documentos."),
    "no-soy-yo": _("Gracias por avisar: a ese correo no se le envía nada más, salvo que la empresa lo confirme."),
}


@behind_a_link
@require_safe
def letter(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Looking changes nothing but the timeline, where it is told apart from a view. `?ver=2` shows a document."""
    now = timezone.now()
    visiting.come_by(opened, linked.visit_of(request, opened, now), now)
    return show(request, opened)


def due(day: date, today: date) -> str:
    """`Vence el 15 de julio de 2026 · faltan 12 días`"""
    facts = {"day": formats.date_long(day), "n": formats.number((day - today).days)}
    if day < today:
        return gettext("Venció el %(day)s") % facts
    if day == today:
        return gettext("Vence hoy, %(day)s") % facts
    words = ngettext("Vence el %(day)s · falta %(n)s día", "Vence el %(day)s · faltan %(n)s días", (day - today).days)
    return words % facts


@behind_a_link
@require_POST
def see(request: HttpRequest, opened: Opened, position: int) -> HttpResponse:
    """She pressed *Ver el documento*."""
    if not _pressed(request, opened):
        return linked.stale(request)
    return HttpResponseRedirect(f"{path_of(request)}?ver={position}#documento", status=303)


@framable
@behind_a_link
@require_safe
def pdf(request: HttpRequest, opened: Opened, position: int) -> HttpResponse:
    """For the frame in the page. Raises NotDrawn, FileLost."""
    document = handing.pdf(opened.delivery, position)
    return _file(document, as_attachment=False) if document else linked.nowhere(request)


@behind_a_link
@require_POST
def download(request: HttpRequest, opened: Opened, position: int, kind: str) -> HttpResponse:
    """She pressed a button to take a file. Raises NotDrawn, FileLost, NothingToHand."""
    if not _pressed(request, opened):
        return linked.stale(request)
    document = _wanted(opened.delivery, position, kind)
    return _file(document, as_attachment=True) if document else linked.nowhere(request)


def _pressed(request: HttpRequest, opened: Opened) -> bool:
    """Whether it was a button of ours; that a person pressed it is noted, a program's press is told apart."""
    now = timezone.now()
    visit = linked.visit_of(request, opened, now)
    if not linked.is_ours(visit):
        return False
    visiting.come_by(opened, visit, now)
    return True


def _wanted(delivery: Delivery, position: int, kind: str) -> Document | None:
    match kind:
        case "pdf":
            return handing.pdf(delivery, position)
        case "xml":
            return handing.xml(delivery, position)
        case "zip":
            return handing.bundle(delivery)
    return None


def show(
    request: HttpRequest, opened: Opened, *, sent: forms.Form | None = None, is_too_soon: bool = False
) -> HttpResponse:
    """The page; with the answer that was `sent` and is wrong, or whose press looked like a program's."""
    delivery, contents = opened.delivery, handing.contents(opened.delivery)
    shown = next((line for line in contents.lines if str(line.position) == request.GET.get("ver")), None)
    context = {
        "token": request.resolver_match.kwargs["token"] if request.resolver_match else "",
        "made": linked.made(opened),
        "company": delivery.company,
        "look": delivery.mailing.look,
        "logo": _logo(delivery),
        "contents": contents,
        "due": due(contents.only.due, timezone.localdate()) if contents.only and contents.only.due else "",
        "asked": [formats.money(amount, currency) for currency, amount in contents.asked.items()],
        "shown": shown,
        "reply_to": delivery.mailing.account.reply_to or delivery.company.email,
        "until": formats.date_long(timezone.localdate(opened.until)),
        "counts": opened.counts,
        "done": DONE.get(request.GET.get("listo", "")),
        "remark": sent if isinstance(sent, RemarkForm) else RemarkForm(),
        "disown": sent if isinstance(sent, DisownForm) else DisownForm(delivery=delivery),
        "is_too_soon": is_too_soon,
    }
    return render(request, "recipient/letter.html", context, status=422 if sent else 200)


def _logo(delivery: Delivery) -> str:
    sha256 = delivery.mailing.look.get("logo_sha256", "")
    return b64encode(storing.read(delivery.company_id, sha256)).decode() if sha256 else ""


def path_of(request: HttpRequest) -> str:
    """The page of the link that was asked for."""
    if request.resolver_match is None:
        raise Http404
    return reverse("recipient", args=[request.resolver_match.kwargs["token"]])


def _file(document: Document, *, as_attachment: bool) -> HttpResponse:
    answer = HttpResponse(document.content, content_type=document.media_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment, document.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
