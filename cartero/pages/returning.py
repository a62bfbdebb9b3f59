"""The lists as she left them: a back arrow leads to the filters, the order and the page they had."""

from django.http import HttpRequest, QueryDict
from django.urls import reverse

_KEY = "lists"
LONGEST = 2_000


def remember(request: HttpRequest, name: str) -> None:
    """Called by the view of the list whose URL has that name. Writes the session only where something changed."""
    query, lists = request.GET.urlencode(), request.session.get(_KEY, {})
    if lists.get(name, "") != query and len(query) <= LONGEST:
        request.session[_KEY] = {**lists, name: query}


def query(request: HttpRequest, name: str) -> QueryDict:
    """What the list was last asked for in this session."""
    return QueryDict(request.session.get(_KEY, {}).get(name, ""))


def to(request: HttpRequest, name: str) -> str:
    """The address of the list as she left it."""
    asked = query(request, name).urlencode()
    return f"{reverse(name)}?{asked}" if asked else reverse(name)
