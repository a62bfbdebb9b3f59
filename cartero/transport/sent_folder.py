"""The folder in which an account's provider keeps what went: found by its use or its name, and read for mails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models.functions import Now

from cartero.transport import connecting, imap
from cartero.transport.imap import Folder, Found, ImapServer, Mailbox, Trouble, TroubleError
from cartero.transport.models import MailAccount, ReadingMailbox, SentFolder
from cartero.transport.presets import Security

# By the server that an account sends through: where its mails can be read, and whether all that goes is kept there.
KNOWN: Mapping[str, tuple[str, bool]] = {
    "smtp.gmail.com": ("imap.gmail.com", True),
    "smtp.office365.com": ("outlook.office365.com", True),
    "smtp-mail.outlook.com": ("outlook.office365.com", False),
    "smtp.zoho.com": ("imap.zoho.com", False),
    "smtp.hostinger.com": ("imap.hostinger.com", False),
}
SECONDS = 60  # for one conversation, whatever a server does
USE = "\\sent"
# Where no folder says that it is for what was sent (RFC 6154): what providers and programs call it, the surest first.
NAMES = (
    *("sent", "sent items", "sent mail", "sent messages", "sent-mail"),
    *("enviados", "elementos enviados", "correos enviados", "correo enviado", "mensajes enviados"),
)


@dataclass(frozen=True, kw_only=True)
class Looked:
    """`found`: by Message-ID. `absent` were looked for and are not there; after `trouble` the others were not."""

    folder: str = ""
    found: Mapping[str, Found] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    trouble: Trouble | None = None


def server_of(sent: SentFolder | ReadingMailbox) -> ImapServer:
    """As its account logs in, where that may be, but for what is its own.

    Raises crypto.SealBroken when a password cannot be opened.
    """
    account = sent.account
    own = sent.password
    shares = not own and (shares_login(account, sent.host) or sent.private_allowed)
    return ImapServer(
        host=sent.host,
        port=sent.port,
        security=Security(sent.security),
        username=sent.username or account.username,
        password=account.password if shares else own,
        bearer=connecting.bearer_of(account) if shares else None,
        private_allowed=sent.private_allowed,
        seconds=SECONDS * settings.SMTP_TIMEOUT_SCALE,
    )


def shares_login(account: MailAccount, host: str) -> bool:
    """Whether `host` is of the provider that has the account's password already: no other is to learn it."""
    return host in {account.host, KNOWN.get(account.host, ("", False))[0]}


def look(server: ImapServer, named: str, message_ids: Sequence[str]) -> Looked:
    """Looks for mails in the folder `named`, or in the one that is for it. Never raises for what a server does."""
    mailbox = imap.connect(server)
    if isinstance(mailbox, Trouble):
        return Looked(trouble=mailbox)
    found: dict[str, Found] = {}
    absent: set[str] = set()
    name = ""
    try:
        folder = _chosen(mailbox, named)
        name = folder.name
        mailbox.open(folder)
        for message_id in message_ids:
            one = mailbox.find(message_id)
            if one is None:
                absent.add(message_id)
            else:
                found[message_id] = one
    except TroubleError as error:
        return Looked(folder=name, found=found, absent=frozenset(absent), trouble=error.trouble)
    finally:
        mailbox.close()
    return Looked(folder=name, found=found, absent=frozenset(absent))


def note(sent: SentFolder, looked: Looked) -> None:
    """What a look says of the folder itself. A refused login is not tried again until somebody changes it."""
    trouble = looked.trouble
    facts: dict[str, Any] = {
        "trouble": trouble.reason if trouble else "",
        "trouble_reply": trouble.reply if trouble else "",
        "is_refused": trouble is not None and trouble.is_refusal,
    }
    if trouble is None:
        facts |= {"looked_at": Now(), "looked_in": looked.folder[:200]}
    SentFolder.objects.filter(pk=sent.pk).update(**facts)


def _chosen(mailbox: Mailbox, named: str) -> Folder:
    folders = mailbox.folders()
    wanted = imap.named(folders, named) if named else _for_sent(folders)
    if wanted is None:
        raise TroubleError(Trouble(reason="no_sent_folder", reply=", ".join(each.name for each in folders)[:300]))
    return wanted


def _for_sent(folders: Sequence[Folder]) -> Folder | None:
    used = next((each for each in folders if USE in each.flags), None)
    by_name = {each.last.casefold(): each for each in reversed(folders)}
    return used or next((by_name[name] for name in NAMES if name in by_name), None)
