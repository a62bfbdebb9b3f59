"""The only ways a view answers: with a page or a part of it, or with what follows after something was done."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.db.models import Model
from django.forms import BaseForm, BaseFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from cartero.accounts.models import User
from cartero.companies.models import Company, Membership

V = TypeVar("V", bound=Callable[..., HttpResponseBase])

framable: Callable[[V], V] = csp_replace({"frame-ancestors": [SELF], "sandbox": True})  # type: ignore[assignment]  # any view
"""Decorator of a view whose answer (a PDF, a mail) a page of ours shows in a frame, where nothing in it may run."""

sealed: Callable[[V], V] = csp_replace({"default-src": [NONE], "sandbox": True})  # type: ignore[assignment]  # as above
"""Decorator of a view whose answer is a stranger's file: nothing in it may run or load, should a browser open it."""


class PersonRequest(HttpRequest):
    """A request that `access.signed_in` has let through."""

    user: User
    htmx: HtmxDetails


class CompanyRequest(PersonRequest):
    """A request that `access.role` has let through."""

    company: Company
    membership: Membership


def page(request: HttpRequest, template: str, context: Mapping[str, Any], *partials: str) -> HttpResponse:
    """The page, or the partial that htmx has named as its target, if it is one of `partials`. A refused form is 422."""
    target = request.htmx.target  # type: ignore[attr-defined]  # set by HtmxMiddleware
    partial = target if target in partials else None
    response = render(request, f"{template}#{partial}" if partial else template, dict(context))
    if partial and messages.get_messages(request):
        response.write(render_to_string("ui/_flash.html", {"oob": True}, request))
    if request.method == "POST" and any(map(_is_refused, context.values())):
        response.status_code = 422
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def done(request: HttpRequest, to: Model | str, message: str, *, undo: str | None = None) -> HttpResponse:
    """After something was done: says `message` and shows `to` (a model with a URL, a URL's name, or a path).

    With htmx only the target is asked for again, if `to` is the page she is on. A POST to `undo` takes it back.
    """
    messages.success(request, message, extra_tags=undo or "")
    return follow(request, resolve_url(to))


def follow(request: HttpRequest, path: str) -> HttpResponse:
    """Leads to `path`; with htmx it asks for the target's part again where that is all that changes."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by HtmxMiddleware
    if not htmx:
        return HttpResponseRedirect(path)
    here = htmx.current_url_abs_path or ""
    if not htmx.target or urlsplit(here).path != urlsplit(path).path:
        return HttpResponseClientRedirect(path)
    again = here if not urlsplit(path).query else path  # her filters stay
    spec = {"path": again, "target": f"#{htmx.target}", "swap": "outerHTML", "push": "false"}
    return HttpResponse(headers={"HX-Location": json.dumps(spec)})


def _is_refused(value: object) -> bool:
    return isinstance(value, BaseForm | BaseFormSet) and value.is_bound and not value.is_valid()


def came_from(request: HttpRequest) -> str:
    """Path and query of the page that asked, if it is ours, else nothing."""
    address = request.headers.get("Referer", "")
    if not address or not url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
        return ""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
