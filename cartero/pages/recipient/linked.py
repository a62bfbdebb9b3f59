"""What all pages behind a link share: how it is found, how often it may be asked for, what its answers carry."""

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial, wraps
from typing import Concatenate, ParamSpec

from allauth.account.adapter import get_adapter
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from cartero.accounts.models import User
from cartero.pages import limiting
from cartero.pages.access import public
from cartero.pages.unlisted import unlisted
from cartero.tracking import visiting
from cartero.tracking.scanners import Visit
from cartero.tracking.visiting import Opened

P = ParamSpec("P")
Find = Callable[[str, User | None, datetime], Opened | None]
View = Callable[Concatenate[HttpRequest, Opened, P], HttpResponse]

MOST = 120  # requests of one address in a minute: a whole office may have one, a filter asks for all at once
LASTS = 12 * 3600  # seconds that a page may lie open before a button of it is pressed
_LOOPBACK = ("localhost", "127.0.0.1")  # which browsers trust as if they were reached over TLS
SALT = "cartero.recipient"


def linked(view: View[P]) -> Callable[..., HttpResponse]:
    """Passes the mail of the link on to `view`. Needs neither session nor cookie: the link is the secret.

    A form is known by what `made` wrote into it, so that a page elsewhere cannot have one sent.
    """
    return _behind(view, visiting.find)


def unsubscribing(view: View[P]) -> Callable[..., HttpResponse]:
    """The same for the link to unsubscribe."""
    return _behind(view, visiting.find_to_unsubscribe)


def made(opened: Opened) -> str:
    """For the hidden field of a form: whose page it is, and when it was made."""
    return signing.dumps([opened.delivery.pk, time.time()], salt=SALT)


def visit_of(request: HttpRequest, opened: Opened, now: datetime) -> Visit:
    return Visit(
        method=request.method or "",
        headers={name.lower(): value for name, value in request.headers.items()},
        address=address_of(request),
        is_trustworthy=request.is_secure() or request.get_host().partition(":")[0] in _LOOPBACK,
        since_sent=visiting.since_sent(opened.delivery, now),
        since_page=_since_page(request, opened) if request.method == "POST" else None,
    )


def address_of(request: HttpRequest) -> str:
    """Hers, behind as many proxies as the operator has said."""
    return str(get_adapter(request).get_client_ip(request))


def user_of(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def is_too_often(request: HttpRequest, what: str) -> bool:
    """Whether her address has asked for `what` as often as it may in this minute; else this time is counted."""
    if limiting.is_over(request, what, MOST):
        return True
    limiting.count(request, what)
    return False


def is_ours(visit: Visit) -> bool:
    """Whether what was sent is a form of our page, not too old."""
    return visit.since_page is not None


def stale(request: HttpRequest) -> HttpResponse:
    return render(request, "recipient/stale.html", status=403)


def nowhere(request: HttpRequest) -> HttpResponse:
    """The same for a link that is wrong, has expired, was revoked or switched off."""
    return render(request, "recipient/nowhere.html", status=404)


def _behind(view: View[P], find: Find) -> Callable[..., HttpResponse]:
    @csrf_exempt
    @public
    @wraps(view)
    def found(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return unlisted(_answer(request, partial(find, token), lambda opened: view(request, opened, *args, **kwargs)))

    return found


def _answer(
    request: HttpRequest,
    find: Callable[[User | None, datetime], Opened | None],
    view: Callable[[Opened], HttpResponse],
) -> HttpResponse:
    if is_too_often(request, "visits"):
        return render(request, "recipient/too_often.html", status=429)
    opened = find(user_of(request), timezone.now())
    if opened is None:
        return nowhere(request)
    with timezone.override(opened.delivery.company.timezone):
        return view(opened)


def _since_page(request: HttpRequest, opened: Opened) -> float | None:
    try:
        delivery, at = signing.loads(request.POST.get("hecho", ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return max(0.0, time.time() - at) if delivery == opened.delivery.pk else None
