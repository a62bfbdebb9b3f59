"""What the scripted SMTP server can be told to answer, and what it remembers of a mail."""

from collections.abc import Callable
from dataclasses import dataclass

STAGES = frozenset(
    {"greeting", "ehlo", "helo", "starttls", "auth", "mail", "rcpt", "data", "body", "end", "rset", "quit"}
)
# hang: reads on and says nothing. freeze: reads nothing more either.
ACTIONS = frozenset({"", "reset", "close", "hang", "freeze"})


@dataclass(frozen=True)
class Kept:
    """A mail the server has taken, as its log says it."""

    time: float
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    sha256: str
    size: int


@dataclass
class Moment:
    """What a conversation has come to when an answer is due; `count` is how often the server was at this stage."""

    stage: str
    count: int
    connections: int
    recipients: tuple[str, ...]
    command: str
    mails: int


When = str | int | Callable[[Moment], bool] | None


@dataclass(kw_only=True)
class Answer:
    """`then` comes after the text; `keep` keeps a mail whatever the reply; `drip` is seconds between bytes."""

    stage: str
    code: int = 0
    text: str = ""
    when: When = None
    times: int = 1_000_000
    raw: str = ""
    then: str = ""
    keep: bool = False
    drip: float = 0

    def __post_init__(self) -> None:
        assert self.stage in STAGES, self.stage
        assert self.then in ACTIONS, self.then

    def applies(self, moment: Moment) -> bool:
        if self.stage != moment.stage or self.times <= 0:
            return False
        match self.when:
            case None:
                return True
            case str():
                return self.when in moment.recipients
            case int():
                return self.when == moment.count
            case _:
                return self.when(moment)

    def bytes(self) -> bytes:
        return self.raw.encode("latin-1") if self.raw or not self.code else reply(self.code, self.text)


def reply(code: int, text: str) -> bytes:
    *before, last = text.split("\n")
    lines = [*(f"{code}-{line}\r\n" for line in before), f"{code} {last}\r\n"]
    return "".join(lines).encode("utf-8", "surrogateescape")
