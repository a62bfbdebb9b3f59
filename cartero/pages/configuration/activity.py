"""Actividad: who did what in the company and when, the newest first."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from cartero.accounts.models import User
from cartero.companies.models import AuditEntry
from cartero.companies.roles import Role
from cartero.pages import paging
from cartero.pages.access import role
from cartero.pages.configuration import sentences
from cartero.pages.http import CompanyRequest, page


@dataclass(frozen=True, kw_only=True)
class Line:
    """`href` leads to what it is about, where that has a page."""

    entry: AuditEntry
    text: str
    href: str


@require_GET
@role(Role.ADMIN)
def index(request: CompanyRequest) -> HttpResponse:
    entries = AuditEntry.objects.of(request.company).select_related("user")
    listed = paging.by_key(entries, request.GET, ("-id",))
    return page(request, "configuration/activity.html", {"slice": listed, "lines": _lines(listed)})


def _lines(listed: Iterable[AuditEntry]) -> list[Line]:
    """One query for the people that the lines name."""
    entries = list(listed)
    named = {entry.facts["user"] for entry in entries if isinstance(entry.facts.get("user"), int)}
    people = {user.pk: str(user) for user in User.objects.filter(pk__in=named)}
    return [Line(entry=entry, text=sentences.told(entry, people), href=_href(entry)) for entry in entries]


def _href(entry: AuditEntry) -> str:
    place = sentences.PLACES.get(entry.noun)
    return reverse(place, args=[entry.noun_id]) if place and entry.noun_id else ""
