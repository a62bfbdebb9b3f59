"""The Sent folder of an account as its administrator, or the operator, sets it. In the trail; passwords never are."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.platform import crypto
from cartero.transport import sent_folder
from cartero.transport.imap import IMAP_PORTS, Trouble
from cartero.transport.models import MailAccount, SentFolder
from cartero.transport.presets import Security
from cartero.transport.replies import Kind
from cartero.transport.resolving import Unreachable, resolve
from cartero.transport.sent_folder import Looked

FIELDS = ("host", "port", "security", "username", "name", "keeps_all")
_PLACE = {"host", "port"}
_FORGOTTEN: Mapping[str, Any] = {"trouble": "", "trouble_reply": "", "is_refused": False, "looked_at": None}


def of(account: MailAccount) -> SentFolder:
    """What the account has, else a new one with what is known of its provider."""
    known = SentFolder.objects.filter(account=account).select_related("account").first()
    if known:
        return known
    host, keeps_all = sent_folder.KNOWN.get(account.host, (account.host, False))
    return SentFolder(account=account, host=host, port=993, security=Security.TLS, keeps_all=keeps_all)


def is_forbidden(host: str, port: int) -> bool:
    """Whether a company may not connect to it: a private host, or no port of IMAP. A name may not resolve yet."""
    return resolve(host, port, private_allowed=False, ports=IMAP_PORTS) == Unreachable(Kind.FORBIDDEN)


@transaction.atomic
def save(sent: SentFolder, fields: Mapping[str, Any], password: str, by: User | None) -> None:
    """A new one, or what changes. An empty password keeps the old one, but not for another server.

    The operator (`by` is None) may name a loopback or private host; that leave ends when a company changes the place.
    """
    is_new = sent.pk is None
    was = {name: getattr(sent, name) for name in FIELDS if is_new or getattr(sent, name) != fields[name]}
    for name in was:
        setattr(sent, name, fields[name])
    if password or _PLACE & was.keys():
        sent.password = password
    if by is None or _PLACE & was.keys():
        sent.private_allowed = by is None
    for name, value in _FORGOTTEN.items():
        setattr(sent, name, value)
    sent.save()
    now = {name: fields[name] for name in was}
    facts = {"name": sent.account.name, "now": now, "password": bool(password)} | ({} if is_new else {"was": was})
    audit.record(sent.account, "set_sent_folder", by, **facts)


@transaction.atomic
def remove(account: MailAccount, by: User) -> None:
    if SentFolder.objects.filter(account=account).delete()[0]:
        audit.record(account, "remove_sent_folder", by, name=account.name)


def probe(sent: SentFolder) -> Looked:
    """*Probar*: logs in and opens the folder, for real; what came of it is kept with it. Takes up to a minute."""
    try:
        looked = sent_folder.look(sent_folder.server_of(sent), sent.name, [])
    except crypto.SealBroken:
        looked = Looked(trouble=Trouble(reason="seal_broken", is_refusal=True))
    sent_folder.note(sent, looked)
    return looked
