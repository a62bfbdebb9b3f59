"""Answers at addresses that are secrets: whoever has one gets in, so no other place is to learn it."""

from collections.abc import Mapping

from django.http import HttpResponse

_TOLD: Mapping[str, str] = {
    "Cache-Control": "no-store, private",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}


def unlisted(answer: HttpResponse) -> HttpResponse:
    """Kept by nobody, found by no search; where she goes from here nobody learns the address."""
    for name, value in _TOLD.items():
        answer[name] = value
    answer._has_been_logged = True  # type: ignore[attr-defined]  # Django would write the path, and with it the secret
    return answer
