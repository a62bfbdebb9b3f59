"""Her company on every request; what a CarteroError says shown where she was; nothing kept by the browser's cache."""

import logging
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from cartero.pages import frame, http, session
from cartero.platform.errors import CarteroError

log = logging.getLogger(__name__)


class CompanyMiddleware:
    """Sets `request.membership` and `request.company` (None without one) and `request.frame`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        session.keep(request, now=timezone.now())
        membership = session.membership_of(request)
        request.membership = membership  # type: ignore[attr-defined]  # CompanyRequest
        request.company = membership.company if membership else None  # type: ignore[attr-defined]  # CompanyRequest
        request.frame = SimpleLazyObject(lambda: frame.of(request))  # type: ignore[attr-defined]  # base.html
        with timezone.override(membership.company.timezone if membership else None):
            response = self.get_response(request)
        session.keep(request, now=timezone.now())  # who has just come in
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What Cartero can tell her goes to where she was; anything else becomes a 404, 403 or 500 page."""
        if not isinstance(error, CarteroError):
            return None
        log.info("%s path=%s", error, request.path)
        if request.htmx:  # type: ignore[attr-defined]  # set by HtmxMiddleware
            return render(request, "ui/_trouble.html", {"text": error.user_text}, status=409)
        came_from = http.came_from(request)
        if request.method == "POST" and came_from:
            messages.error(request, error.user_text)
            return HttpResponseRedirect(came_from)
        return render(request, "refused.html", {"text": error.user_text, "back": came_from}, status=409)
