"""The opening pixel: an image in the mail, which its program fetches. It tells of an open, never of a view."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cartero.pages.access import public
from cartero.pages.recipient import linked
from cartero.pages.unlisted import unlisted
from cartero.tracking import visiting

# One transparent dot, as GIF89a.
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00"
    b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


@public
@require_safe
def pixel(request: HttpRequest, token: str) -> HttpResponse:
    """The same image whatever the token is: inside a mail nobody reads an error. Asked for too often none is noted."""
    # Counted apart from the pages: the proxy of a mail provider fetches the images of thousands.
    if not linked.is_too_often(request, "pixels"):
        _note(request, token)
    return unlisted(HttpResponse(GIF, content_type="image/gif"))


def _note(request: HttpRequest, token: str) -> None:
    """Of a company that wants no pixel any more, no open is noted either."""
    now = timezone.now()
    opened = visiting.find(token, linked.user_of(request), now)
    if opened and opened.delivery.company.has_pixel:
        visiting.come_by(opened, replace(linked.visit_of(request, opened, now), of_image=True), now)
