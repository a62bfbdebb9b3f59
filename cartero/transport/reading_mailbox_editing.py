"""The reading mailbox of an account, as its administrator or the operator sets it. In the trail, but for passwords."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.transport import mailbox_editing, sent_folder
from cartero.transport.models import MailAccount, ReadingMailbox
from cartero.transport.presets import Security

FIELDS = ("host", "port", "security", "username", "folder", "moved_to")


def of(account: MailAccount) -> ReadingMailbox:
    """What the account has, else a new one with what is known of its provider."""
    known = ReadingMailbox.objects.filter(account=account).select_related("account__company").first()
    if known:
        return known
    host = sent_folder.KNOWN.get(account.host, (account.host, False))[0]
    return ReadingMailbox(account=account, host=host, port=993, security=Security.TLS)


@transaction.atomic
def save(box: ReadingMailbox, fields: Mapping[str, Any], password: str, by: User | None) -> None:
    """A new one, or what changes: see mailbox_editing.change. Another folder is read from its beginning."""
    facts = mailbox_editing.change(box, {name: fields[name] for name in FIELDS}, password, by)
    if facts["now"].keys() & {"host", "port", "username", "folder"}:
        box.uid_validity, box.last_uid, box.to_move, box.read_at = None, 0, [], None
    box.save()
    audit.record(box.account, "set_reading_mailbox", by, **facts)


@transaction.atomic
def remove(account: MailAccount, by: User) -> None:
    if ReadingMailbox.objects.filter(account=account).delete()[0]:
        audit.record(account, "remove_reading_mailbox", by, name=account.name)


@transaction.atomic
def send_back_to(account: MailAccount, address: str, by: User) -> None:
    """Where what is not delivered comes back, of the mails that are sent from now on."""
    was = account.return_address
    if MailAccount.objects.filter(pk=account.pk).exclude(return_address=address).update(return_address=address):
        audit.record(account, "set_return_address", by, name=account.name, was=was, now=address)
