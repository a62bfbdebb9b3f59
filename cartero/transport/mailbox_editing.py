"""Where a mailbox of an account is, as its administrator or the operator sets it: what all of them have alike."""

from collections.abc import Mapping
from typing import Any

from cartero.accounts.models import User
from cartero.transport.imap import IMAP_PORTS
from cartero.transport.models import ReadingMailbox, SentFolder
from cartero.transport.replies import Kind
from cartero.transport.resolving import Unreachable, resolve

_PLACE = {"host", "port"}


def is_forbidden(host: str, port: int) -> bool:
    """Whether a company may not connect to it: a private host, or no port of IMAP. A name may not resolve yet."""
    return resolve(host, port, private_allowed=False, ports=IMAP_PORTS) == Unreachable(Kind.FORBIDDEN)


def change(
    box: SentFolder | ReadingMailbox, fields: Mapping[str, Any], password: str, by: User | None
) -> dict[str, Any]:
    """Changes it, unsaved; what the trail says of that. An empty password stays, but not for another server.

    The operator (`by` is None) may name a loopback or private host; that leave ends when a company changes the place.
    """
    is_new = box.pk is None
    was = {name: getattr(box, name) for name in fields if is_new or getattr(box, name) != fields[name]}
    for name in was:
        setattr(box, name, fields[name])
    if password or _PLACE & was.keys():
        box.password = password
    if by is None or _PLACE & was.keys():
        box.private_allowed = by is None
    box.trouble = box.trouble_reply = ""
    box.is_refused = False
    now = {name: fields[name] for name in was}
    return {"name": box.account.name, "now": now, "password": bool(password)} | ({} if is_new else {"was": was})
