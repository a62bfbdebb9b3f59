"""Where providers call with what became of mails: no session, no form, no page."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cartero.pages import limiting
from cartero.pages.access import public
from cartero.tracking import webhooks
from cartero.tracking.models import Webhook

_WRONG = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
_HEADERS = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": 'Basic realm="Cartero"'},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": "60"},
    HTTPStatus.TOO_MANY_REQUESTS: {"Retry-After": "60"},
}


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
@public
def told(request: HttpRequest, key: str) -> HttpResponse:
    """Some ask with HEAD whether it is there. One whose secret is wrong does not keep the others of its address out."""
    webhook = webhooks.of_key(key)
    what = f"webhook-{webhook.pk if webhook else 'key'}"
    status = HTTPStatus.TOO_MANY_REQUESTS if limiting.is_over(request, what) else _answer(request, webhook)
    if status in _WRONG:
        limiting.count(request, what)
    return HttpResponse(status=status, headers=_HEADERS.get(status))


def _answer(request: HttpRequest, webhook: Webhook | None) -> HTTPStatus:
    length = request.headers.get("Content-Length", "")
    if webhook is None:
        return HTTPStatus.NOT_FOUND
    if length.isdigit() and int(length) > webhooks.MOST_BYTES:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if request.method == "HEAD":
        return HTTPStatus.OK
    return webhooks.receive(webhook, request, timezone.now())
