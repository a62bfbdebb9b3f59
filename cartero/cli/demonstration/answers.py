"""How the mailboxes of the demonstration answer: most take everything, those of some domains do as real ones may."""

from cartero.cli.demonstration.cast import IS_FULL, IS_SLOW, REFUSES, WAITS

OK = "250 2.1.5 OK"
SLOW_SECONDS = 4.0
NO_MAILBOX = "550 5.1.1 <{}>: Recipient address rejected: User unknown in virtual mailbox table"
GREYLISTED = "451 4.7.1 <{}>: Recipient address rejected: Greylisted, try again later"
FULL = "552 5.2.2 <{}>: The email account that you tried to reach is over quota"


class Answers:
    """Remembers whom it has asked to come back. `strict` is False: everyone takes his mail at once."""

    def __init__(self, *, strict: bool) -> None:
        self.strict = strict
        self.seen: set[str] = set()

    def to(self, recipient: str) -> str:
        """The reply to RCPT."""
        domain = self._domain(recipient)
        if domain == REFUSES:
            return NO_MAILBOX.format(recipient)
        if domain == IS_FULL:
            return FULL.format(recipient)
        if domain == WAITS and recipient not in self.seen:
            self.seen.add(recipient)
            return GREYLISTED.format(recipient)
        return OK

    def seconds(self, recipients: list[str]) -> float:
        """How long the server thinks about a mail."""
        return SLOW_SECONDS if any(self._domain(recipient) == IS_SLOW for recipient in recipients) else 0

    def _domain(self, recipient: str) -> str:
        return recipient.rpartition("@")[2].lower() if self.strict else ""
