"""Baja: whoever gets copies and reminders asks for no more of them, in her mail program with one click or here.

The click of a mail program (RFC 8058) is a POST without cookie, which is honoured at once; who only opens the address
changes nothing.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cartero.pages.recipient import linked
from cartero.tracking import scanners, visiting
from cartero.tracking.visiting import Opened


@linked.unsubscribing
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, opened: Opened) -> HttpResponse:
    if request.method != "POST":
        return _show(request, opened)
    now = timezone.now()
    is_one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    visit = linked.visit_of(request, opened, now)
    if not (is_one_click or linked.is_ours(visit)):
        return linked.stale(request)
    if not (is_one_click or scanners.is_press_of_a_person(visit)):
        return _show(request, opened, is_too_soon=True)
    if opened.counts:
        visiting.unsubscribe(opened.delivery, now)
    return _show(request, opened, is_done=True)


def _show(request: HttpRequest, opened: Opened, *, is_done: bool = False, is_too_soon: bool = False) -> HttpResponse:
    context = {
        "company": opened.delivery.company,
        "made": linked.made(opened),
        "is_done": is_done,
        "is_too_soon": is_too_soon,
    }
    return render(request, "recipient/unsubscribe.html", context, status=422 if is_too_soon else 200)
