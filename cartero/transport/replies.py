"""What a server's answer means for its mail: stage, codes and text in, a verdict out (RFC 5321, 3463, 5248)."""

import re
from collections.abc import Container
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

SHOWN = 500

_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?=[\s:;]|$)")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\udc80-\udcff]+")


class Stage(StrEnum):
    CONNECT = auto()
    GREETING = auto()
    EHLO = auto()
    STARTTLS = auto()
    TLS = auto()  # the handshake
    AUTH = auto()
    TOKEN = auto()  # the login by an access token, and how one is got
    RSET = auto()
    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    BODY = auto()  # between the 354 and our final dot
    END = auto()  # after the final dot
    API = auto()  # in the place of a conversation: one request, one answer


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One whole reply. `text` is without the codes' digits at the line starts, its lines parted by line feeds."""

    stage: Stage
    code: int
    text: str = ""

    @property
    def enhanced(self) -> str:
        """`5.1.1`, or empty where the server gives none, or one that contradicts its code."""
        found = _ENHANCED.match(self.text)
        return found[0] if found and found[1] == str(self.code)[0] else ""

    @property
    def shown(self) -> str:
        """The server's own words for a screen or a log: one line, nothing invisible, cut."""
        return visible(f"{self.code} {self.text}")


class Kind(Enum):
    """How a conversation ended that no reply ended."""

    UNRESOLVED = auto()  # the name has no address
    FORBIDDEN = auto()  # the name leads into a private network, or the port is not one for mail
    REFUSED = auto()  # nobody listens, or no route
    RESET = auto()
    CLOSED = auto()
    TIMEOUT = auto()
    GARBAGE = auto()  # bytes that are no SMTP reply, or more than 64 KB of one
    OUT_OF_STEP = auto()  # more replies than commands
    TLS = auto()  # the handshake failed
    NO_STARTTLS = auto()  # not offered, or stripped by someone on the way
    INJECTED = auto()  # plain bytes behind the 220 of STARTTLS
    CERTIFICATE_UNKNOWN = auto()
    CERTIFICATE_EXPIRED = auto()
    CERTIFICATE_OTHER_HOST = auto()
    NO_MECHANISM = auto()  # none of the server's ways to log in is ours


@dataclass(frozen=True, kw_only=True)
class Broken:
    """The conversation ended without a whole reply. `wrote_dot`: the end of a mail may be in the server's hands."""

    stage: Stage
    kind: Kind
    wrote_dot: bool = False


@dataclass(frozen=True, kw_only=True)
class Sent:
    """The server took the mail over."""

    reason: str = "sent"


@dataclass(frozen=True, kw_only=True)
class Later:
    """This delivery waits, by `pacing.next_attempt` and for `at_least` seconds.

    `at_once`: it goes again on the next transaction, and this attempt does not count. `hang_up`: on another connection.
    """

    reason: str
    at_least: float = 0
    at_once: bool = False
    hang_up: bool = False


@dataclass(frozen=True, kw_only=True)
class Pause:
    """The account waits, by `pacing.pause` and for `at_least` seconds; its deliveries lose no attempt."""

    reason: str
    at_least: float = 0
    fewer_connections: bool = False


@dataclass(frozen=True, kw_only=True)
class Fail:
    """This recipient gets nothing. `address_unusable`: nor will he later, until someone corrects the address."""

    reason: str
    address_unusable: bool = False


@dataclass(frozen=True, kw_only=True)
class Stop:
    """The mailing stops until a person mends the account, or until tomorrow by itself. Nobody failed."""

    reason: str
    until_tomorrow: bool = False


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """Nobody can know whether the server has the mail."""

    reason: str


Verdict = Sent | Later | Pause | Fail | Stop | Doubt


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """Applies in its stages to its codes: always, or where it names signs, when enhanced code or text is one."""

    stages: Container[Stage]
    codes: Container[int]
    verdict: Verdict
    enhanced: frozenset[str] = frozenset()
    words: re.Pattern[str] | None = None

    def applies(self, reply: Reply) -> bool:
        if reply.stage not in self.stages or reply.code not in self.codes:
            return False
        if not self.enhanced and self.words is None:
            return True
        return reply.enhanced in self.enhanced or bool(self.words and self.words.search(reply.text))


def _signs(*codes: str) -> frozenset[str]:
    return frozenset(codes)


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_S = Stage
_TRANSACTION = {_S.MAIL, _S.RCPT, _S.DATA, _S.BODY, _S.END}
_LOGIN = {_S.AUTH, _S.TOKEN}
_RECIPIENT = {_S.RCPT}
_CONTENT = {_S.DATA, _S.BODY, _S.END}
_ANY, _GOOD = range(1000), range(200, 300)
_TEMPORARY, _PERMANENT, _REFUSALS = range(400, 500), range(500, 600), range(400, 600)

_NOT_OWNED = _words(r"sendas", r"not (owned|allowed|authori[sz]ed|permitted)", r"permissions? to send")
_RELAYING = _words(r"\brelay", r"authentication (is )?required", r"smtp auth", r"must (authenticate|log ?in)")
_DAILY = _words(r"\bdaily\b", r"per day", r"SubmissionQuotaExceeded", r"24[- ]hour")
_HOURLY = _words(r"per hour", r"\bhourly\b")
_RATE = _words(r"throttl", r"rate (limit )?exceeded", r"too many connections", r"concurrent connections")
_CONTENT_WORDS = _words(r"\bspam", r"\bvirus", r"malware", r"\bpolicy", r"content reject", r"potential security issue")

_ODD_AFTER_DOT = Doubt(reason="odd_after_dot")

RULES: tuple[_Rule, ...] = (
    # Before any mail: what concerns the connection concerns the account.
    _Rule(
        stages={_S.GREETING},
        codes={421},
        words=_RATE,
        verdict=Pause(reason="too_many_connections", fewer_connections=True),
    ),
    _Rule(stages={_S.GREETING, _S.EHLO}, codes=_TEMPORARY, verdict=Pause(reason="server_busy")),
    _Rule(stages={_S.GREETING}, codes=_PERMANENT, verdict=Stop(reason="blocked_here")),
    _Rule(stages={_S.GREETING}, codes=_ANY, verdict=Stop(reason="not_a_mail_server")),
    _Rule(stages={_S.EHLO}, codes=_PERMANENT, verdict=Stop(reason="greeting_refused")),
    _Rule(stages={_S.STARTTLS}, codes=_TEMPORARY, verdict=Pause(reason="tls_unavailable")),
    _Rule(stages={_S.STARTTLS}, codes=_PERMANENT, verdict=Stop(reason="no_starttls")),
    _Rule(
        stages=_LOGIN, codes={432}, verdict=Pause(reason="too_many_connections", at_least=20, fewer_connections=True)
    ),
    _Rule(stages=_LOGIN, codes=_TEMPORARY, verdict=Pause(reason="login_busy")),
    _Rule(stages={_S.AUTH}, codes={534}, verdict=Stop(reason="app_password_needed")),
    _Rule(stages=_LOGIN, codes=_PERMANENT, enhanced=_signs("5.7.139"), verdict=Stop(reason="login_switched_off")),
    _Rule(stages={_S.AUTH}, codes=_PERMANENT, verdict=Stop(reason="login_refused")),
    _Rule(stages={_S.TOKEN}, codes=_PERMANENT, verdict=Stop(reason="token_refused")),
    # The account's allowance, whatever the stage.
    _Rule(
        stages=_TRANSACTION,
        codes=_REFUSALS,
        enhanced=_signs("5.4.5", "5.1.90"),
        words=_DAILY,
        verdict=Stop(reason="daily_limit", until_tomorrow=True),
    ),
    _Rule(stages=_TRANSACTION, codes=_REFUSALS, words=_HOURLY, verdict=Pause(reason="hourly_limit", at_least=900)),
    # Exchange: too many connections, gone in seconds.
    _Rule(
        stages=_TRANSACTION,
        codes={432},
        verdict=Pause(reason="too_many_connections", at_least=20, fewer_connections=True),
    ),
    _Rule(
        stages=_TRANSACTION,
        codes=_TEMPORARY,
        enhanced=_signs("4.7.28", "4.7.500"),
        words=_RATE,
        verdict=Pause(reason="too_fast", fewer_connections=True),
    ),
    _Rule(
        stages={_S.MAIL},
        codes={421, 450},
        enhanced=_signs("4.2.1"),
        verdict=Pause(reason="too_fast", fewer_connections=True),
    ),
    _Rule(stages=_TRANSACTION | {_S.RSET}, codes={421}, verdict=Later(reason="closing", hang_up=True)),
    # The sender: all mails would fail alike.
    _Rule(stages={_S.MAIL}, codes={452}, enhanced=_signs("4.3.1"), verdict=Pause(reason="server_full")),
    _Rule(stages={_S.MAIL}, codes=_TEMPORARY, verdict=Pause(reason="server_busy", fewer_connections=True)),
    _Rule(stages={_S.MAIL}, codes={552, 555}, verdict=Fail(reason="too_large")),
    _Rule(stages={_S.MAIL, _S.RCPT}, codes={530, 538}, verdict=Stop(reason="login_required")),
    _Rule(stages={_S.MAIL}, codes={503}, words=_RELAYING, verdict=Stop(reason="login_required")),
    _Rule(stages={_S.MAIL, _S.RCPT}, codes={503}, verdict=Later(reason="left_over", at_once=True, hang_up=True)),
    _Rule(
        stages=_TRANSACTION,
        codes={550, 553, 554},
        enhanced=_signs("5.2.252", "5.7.60"),
        verdict=Stop(reason="sender_not_owned"),
    ),
    _Rule(stages={_S.END}, codes=_PERMANENT, words=_words(r"SendAsDenied"), verdict=Stop(reason="sender_not_owned")),
    _Rule(stages=_TRANSACTION, codes={550, 554}, enhanced=_signs("5.2.251"), verdict=Stop(reason="account_full")),
    _Rule(stages=_TRANSACTION, codes={550, 554}, enhanced=_signs("5.2.253"), verdict=Stop(reason="account_unlicensed")),
    _Rule(
        stages=_TRANSACTION,
        codes={550, 554},
        enhanced=_signs("5.1.8", "5.4.6", "5.7.501", "5.7.502", "5.7.503"),
        verdict=Stop(reason="account_blocked"),
    ),
    _Rule(
        stages={_S.MAIL},
        codes={501, 550, 553, 554},
        enhanced=_signs("5.7.1", "5.7.60", "5.1.7"),
        words=_NOT_OWNED,
        verdict=Stop(reason="sender_not_owned"),
    ),
    _Rule(stages={_S.MAIL}, codes=_PERMANENT, verdict=Stop(reason="sender_refused")),
    # The recipient.
    _Rule(stages=_RECIPIENT, codes=_PERMANENT, words=_RELAYING, verdict=Stop(reason="relay_denied")),
    _Rule(
        stages=_RECIPIENT,
        codes={450, 451},
        enhanced=_signs("4.2.0", "4.7.1"),
        verdict=Later(reason="greylisted", at_least=60),
    ),
    _Rule(
        stages=_RECIPIENT,
        codes=_TEMPORARY,
        words=_words(r"gr[ae]y-?list"),
        verdict=Later(reason="greylisted", at_least=60),
    ),
    _Rule(stages=_RECIPIENT, codes={450, 451, 452}, enhanced=_signs("4.2.2"), verdict=Later(reason="mailbox_full_now")),
    _Rule(stages=_RECIPIENT, codes={450}, enhanced=_signs("4.2.1"), verdict=Later(reason="mailbox_busy")),
    _Rule(
        stages=_RECIPIENT,
        codes={452},
        enhanced=_signs("4.5.3"),
        verdict=Later(reason="too_many_recipients", at_once=True),
    ),
    _Rule(stages=_RECIPIENT, codes=_TEMPORARY, verdict=Later(reason="deferred")),
    _Rule(
        stages=_RECIPIENT,
        codes=_PERMANENT,
        enhanced=_signs("5.1.1", "5.1.10"),
        verdict=Fail(reason="no_mailbox", address_unusable=True),
    ),
    _Rule(
        stages=_RECIPIENT,
        codes=_PERMANENT,
        enhanced=_signs("5.1.2"),
        verdict=Fail(reason="no_domain", address_unusable=True),
    ),
    _Rule(
        stages=_RECIPIENT,
        codes=_PERMANENT,
        enhanced=_signs("5.1.3"),
        verdict=Fail(reason="bad_address", address_unusable=True),
    ),
    _Rule(stages=_RECIPIENT, codes=_PERMANENT, enhanced=_signs("5.2.1"), verdict=Fail(reason="mailbox_off")),
    _Rule(stages=_RECIPIENT, codes=_PERMANENT, enhanced=_signs("5.2.2"), verdict=Fail(reason="mailbox_full")),
    _Rule(stages=_RECIPIENT, codes={551}, verdict=Fail(reason="mailbox_moved", address_unusable=True)),
    _Rule(stages=_RECIPIENT, codes={553}, verdict=Fail(reason="bad_address", address_unusable=True)),
    _Rule(stages=_RECIPIENT, codes=_PERMANENT, verdict=Fail(reason="recipient_refused")),
    # The content.
    _Rule(
        stages={_S.DATA},
        codes={503, 554},
        words=_words(r"no valid recipients", r"no recipients", r"need rcpt", r"valid rcpt"),
        verdict=Later(reason="recipients_lost"),
    ),
    _Rule(stages={_S.DATA}, codes={503}, verdict=Later(reason="left_over", at_once=True, hang_up=True)),
    _Rule(stages={_S.DATA}, codes=_PERMANENT, words=_RELAYING, verdict=Stop(reason="relay_denied")),
    _Rule(stages=_CONTENT, codes=_TEMPORARY, verdict=Later(reason="deferred")),
    _Rule(stages=_CONTENT, codes=_PERMANENT, enhanced=_signs("5.3.4", "5.2.3"), verdict=Fail(reason="too_large")),
    _Rule(
        stages=_CONTENT,
        codes={550, 552, 554},
        enhanced=_signs("5.7.0", "5.7.1", "5.7.515"),
        words=_CONTENT_WORDS,
        verdict=Fail(reason="content_refused"),
    ),
    _Rule(stages=_CONTENT, codes=_PERMANENT, enhanced=_signs("5.1.1", "5.1.10"), verdict=Fail(reason="no_mailbox")),
    _Rule(stages=_CONTENT, codes=_PERMANENT, enhanced=_signs("5.2.2"), verdict=Fail(reason="mailbox_full")),
    _Rule(stages=_CONTENT, codes={552}, verdict=Fail(reason="too_large")),
    _Rule(stages=_CONTENT, codes=_PERMANENT, verdict=Fail(reason="mail_refused")),
    _Rule(stages={_S.END}, codes=_ANY, verdict=_ODD_AFTER_DOT),
)

_SENT = Sent()
_OUT_OF_STEP = Later(reason="odd_reply", hang_up=True)
_LINE_BROKE = Later(reason="line_broke", hang_up=True)
_BROKE_AFTER_DOT = Doubt(reason="broken_after_dot")
_NO_SENSE = frozenset({Kind.GARBAGE, Kind.OUT_OF_STEP})
_BY_KIND: dict[Kind, Verdict] = {
    Kind.UNRESOLVED: Pause(reason="unresolved"),
    Kind.FORBIDDEN: Stop(reason="private_host"),
    Kind.REFUSED: Pause(reason="no_answer"),
    Kind.TLS: Pause(reason="tls_broken"),
    Kind.NO_STARTTLS: Stop(reason="no_starttls"),
    Kind.INJECTED: Pause(reason="tls_injected"),
    Kind.CERTIFICATE_UNKNOWN: Stop(reason="certificate_unknown"),
    Kind.CERTIFICATE_EXPIRED: Stop(reason="certificate_expired"),
    Kind.CERTIFICATE_OTHER_HOST: Stop(reason="certificate_other_host"),
    Kind.NO_MECHANISM: Stop(reason="no_mechanism"),
}


def lets_on(reply: Reply) -> bool:
    """Whether the conversation may go to its next stage (RCPT 251 and 252 do; DATA wants its 354)."""
    return reply.code == 354 if reply.stage is Stage.DATA else reply.code in _GOOD


def judge(answer: Reply | Broken) -> Verdict:
    """What an answer means for its mail, when it ends the transaction or does not let it go on."""
    if isinstance(answer, Broken):
        return _judge_broken(answer)
    if answer.stage is Stage.END and answer.code in _GOOD:
        return _SENT
    return next((rule.verdict for rule in RULES if rule.applies(answer)), _OUT_OF_STEP)


def _judge_broken(broken: Broken) -> Verdict:
    if broken.wrote_dot:
        return _ODD_AFTER_DOT if broken.kind in _NO_SENSE else _BROKE_AFTER_DOT
    if broken.kind in _BY_KIND:
        return _BY_KIND[broken.kind]
    if broken.kind in _NO_SENSE:
        return Stop(reason="not_a_mail_server") if broken.stage is Stage.GREETING else _OUT_OF_STEP
    if broken.stage in {Stage.CONNECT, Stage.GREETING}:
        return Pause(reason="no_answer")
    return Pause(reason="tls_broken") if broken.stage is Stage.TLS else _LINE_BROKE


def visible(text: str) -> str:
    """A stranger's text for a screen or a log: one line, cut, control and direction characters escaped."""
    # Cut first: a reply may be 64 KB. Line ends read as spaces.
    head = text[: 4 * SHOWN].replace("\r\n", " ").replace("\n", " ")
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), head)[:SHOWN]
