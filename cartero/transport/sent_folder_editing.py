"""The Sent folder of an account as its administrator, or the operator, sets it. In the trail; passwords never are."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.platform import crypto
from cartero.transport import mailbox_editing, sent_folder
from cartero.transport.imap import Trouble
from cartero.transport.models import MailAccount, SentFolder
from cartero.transport.presets import Security
from cartero.transport.sent_folder import Looked

FIELDS = ("host", "port", "security", "username", "name", "keeps_all")


def of(account: MailAccount) -> SentFolder:
    """What the account has, else a new one with what is known of its provider."""
    known = SentFolder.objects.filter(account=account).select_related("account").first()
    if known:
        return known
    host, keeps_all = sent_folder.KNOWN.get(account.host, (account.host, False))
    return SentFolder(account=account, host=host, port=993, security=Security.TLS, keeps_all=keeps_all)


@transaction.atomic
def save(sent: SentFolder, fields: Mapping[str, Any], password: str, by: User | None) -> None:
    """A new one, or what changes: see mailbox_editing.change."""
    facts = mailbox_editing.change(sent, {name: fields[name] for name in FIELDS}, password, by)
    sent.looked_at = None
    sent.save()
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
