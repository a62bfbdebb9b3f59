"""The mailbox is there in a demonstration alone; elsewhere its pages do not exist, whoever asks."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.http import Http404, HttpResponseBase

from cartero.platform import datafolder
from cartero.platform.mailbox import KeptMail, Mailbox, MailGone

FOLDER = "mailbox"

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)


def demonstration(view: Callable[P, R]) -> Callable[P, R]:
    """Goes around `@role`: who is not signed in learns no more than anybody. Keeps its mark for the crawl."""

    @wraps(view)
    def shown(*args: P.args, **kwargs: P.kwargs) -> R:
        if not settings.MAILBOX_PORT:
            raise Http404
        return view(*args, **kwargs)

    return shown


def mailbox() -> Mailbox:
    return Mailbox(datafolder.folder(FOLDER))


def mail_or_404(key: str) -> tuple[KeptMail, bytes]:
    """The mail of that name, and its bytes as they came."""
    box = mailbox()
    try:
        mail = box.find(key)
        return mail, box.read(mail)
    except MailGone as error:
        raise Http404 from error
