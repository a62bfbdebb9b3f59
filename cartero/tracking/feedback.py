"""What the world says of a mail that went, in one shape, whoever says it: a server, a provider, a program, a person."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Its values are those of the events that a delivery's timeline shows."""

    ACCEPTED = "accepted"  # a provider has it: tells something of what is in doubt alone
    BOUNCED = "bounced"
    DELAYED = "delayed"  # its server still tries
    RELAYED = "relayed"  # to a server that tells nothing of what becomes of it, or to a list
    DELIVERED = "delivered"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    OPENED = "opened"
    AUTO_REPLIED = "auto_reply"
    REPLIED = "replied"
    UNREADABLE = "unreadable"  # past a limit of what is read: of nobody's mail


ANSWERS = frozenset({Kind.AUTO_REPLIED, Kind.REPLIED})


class Source(StrEnum):
    MAIL = "mail"  # came back to a mailbox
    WEBHOOK = "webhook"  # a provider called


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """`addresses`: the recipient it is of, as it may have been written to, the surest first; empty where it names none.

    `message_ids`: whose mail it may be of, the surest first; `marks`: addresses and words in which our own mark may be;
    `provider_id`: what the provider that took the mail calls it.
    `status` is `5.1.1` (RFC 3463), `code` 550. `is_hard`: nothing more can reach the address. `reason` is a key of
    EXPLANATIONS. `teller`: who says it. `subject` and `text` are of what a person or a program wrote.
    """

    kind: Kind
    source: Source = Source.MAIL
    addresses: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    provider_id: str = ""
    status: str = ""
    code: int | None = None
    diagnostic: str = ""
    reason: str = ""
    is_hard: bool = False
    teller: str = ""
    subject: str = ""
    text: str = ""
    at: datetime | None = None
