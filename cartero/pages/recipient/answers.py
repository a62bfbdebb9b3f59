"""Recibí conforme, Tengo una observación, No soy yo: pressed by a person on the page of her mail."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from cartero.mailings import answers
from cartero.mailings.models import Delivery
from cartero.pages.recipient import letter, linked
from cartero.pages.recipient.forms import ConfirmForm, DisownForm, RemarkForm
from cartero.pages.recipient.linked import linked as behind_a_link
from cartero.tracking import visiting
from cartero.tracking.visiting import Opened

AnyForm = ConfirmForm | RemarkForm | DisownForm


# By the last part of the address.
KINDS: Mapping[str, Callable[[HttpRequest, Delivery], AnyForm]] = {
    "conforme": lambda request, _delivery: ConfirmForm(request.POST),
    "observacion": lambda request, _delivery: RemarkForm(request.POST),
    "no-soy-yo": lambda request, delivery: DisownForm(request.POST, delivery=delivery),
}


@behind_a_link
@require_POST
def answer(request: HttpRequest, opened: Opened, kind: str) -> HttpResponse:
    """Written down only when a person pressed it; who looks like a program is asked to wait and press again."""
    if kind not in KINDS:
        return linked.nowhere(request)
    now = timezone.now()
    visit = linked.visit_of(request, opened, now)
    if not linked.is_ours(visit):
        return linked.stale(request)
    form = KINDS[kind](request, opened.delivery)
    if not form.is_valid():
        return letter.show(request, opened, sent=form)
    is_person = visiting.come_by(opened, visit, now)
    if opened.counts and not (is_person and answers.give(opened.delivery, form.given(), now)):
        return letter.show(request, opened, sent=form, is_too_soon=True)
    return HttpResponseRedirect(f"{letter.path_of(request)}?listo={kind}#listo", status=303)
