"""What a provider's API answered, and what it means for its mail. Values in, values out.

Where two lines fit, the first counts. Codes are those of each provider's documentation.
"""

import json
import re
from collections.abc import Container
from dataclasses import dataclass, replace

from cartero.transport.replies import Doubt, Fail, Later, Pause, Reply, Stage, Stop, Verdict
from cartero.transport.ways import BY_API, Way

LONGEST_WAIT = 3600.0  # seconds of what a provider may ask us to


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A refusal: HTTP status, the provider's own code and words. `retry_after` in seconds."""

    way: Way
    status: int
    code: str = ""
    text: str = ""
    retry_after: float = 0

    @property
    def reply(self) -> Reply:
        return Reply(stage=Stage.API, code=self.status, text=f"{self.code} {self.text}".strip())


@dataclass(frozen=True, kw_only=True)
class _Line:
    """Applies to its providers' statuses: always, or where it names signs, when the code or a word is one."""

    verdict: Verdict
    statuses: Container[int]
    ways: Container[Way] = BY_API
    codes: frozenset[str] = frozenset()
    words: re.Pattern[str] | None = None

    def applies(self, answer: Answer) -> bool:
        if answer.way not in self.ways or answer.status not in self.statuses:
            return False
        if not self.codes and self.words is None:
            return True
        return answer.code in self.codes or bool(self.words and self.words.search(answer.text))


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


def _codes(*codes: str) -> frozenset[str]:
    return frozenset(codes)


_REFUSALS = range(400, 500)
_SES, _POSTMARK, _BREVO, _MAILGUN, _SENDGRID = (
    {Way.SES}, {Way.POSTMARK}, {Way.BREVO}, {Way.MAILGUN}, {Way.SENDGRID},
)  # fmt: skip
_BAD_RECIPIENT = Fail(reason="bad_address", address_unusable=True)
_TOO_FAST = Pause(reason="too_fast", fewer_connections=True)

LINES: tuple[_Line, ...] = (
    # It said yes, in words that nobody understands; or who stands before it did not wait for what it said.
    _Line(statuses=range(200, 300), verdict=Doubt(reason="odd_after_dot")),
    _Line(statuses={504}, verdict=Doubt(reason="broken_after_dot")),
    _Line(statuses=range(500, 600), verdict=Pause(reason="server_busy")),
    _Line(statuses=range(300, 400), verdict=Stop(reason="not_an_api")),
    _Line(statuses={408}, verdict=Later(reason="line_broke")),  # it has not had the whole of it
    # Amazon SES: exceptions of SendEmail, API v2.
    _Line(
        ways=_SES,
        statuses=_REFUSALS,
        words=_words(r"daily (message )?quota", r"daily sending quota"),
        verdict=Stop(reason="daily_limit", until_tomorrow=True),
    ),
    _Line(
        ways=_SES,
        statuses=_REFUSALS,
        codes=_codes("TooManyRequestsException", "Throttling", "ThrottlingException", "LimitExceededException"),
        verdict=_TOO_FAST,
    ),
    _Line(
        ways=_SES,
        statuses=_REFUSALS,
        codes=_codes("AccountSuspendedException", "SendingPausedException"),
        verdict=Stop(reason="account_blocked"),
    ),
    _Line(
        ways=_SES,
        statuses=_REFUSALS,
        codes=_codes("MailFromDomainNotVerifiedException"),
        words=_words(r"not verified"),
        verdict=Stop(reason="sender_not_owned"),
    ),
    _Line(
        ways=_SES,
        statuses=_REFUSALS,
        words=_words(r"message (length|size)", r"too large"),
        verdict=Fail(reason="too_large"),
    ),
    _Line(ways=_SES, statuses=_REFUSALS, codes=_codes("MessageRejected"), verdict=Fail(reason="content_refused")),
    # Its gateway refuses a wrong key, and one that is not allowed to send, with 400 or 403.
    _Line(
        ways=_SES,
        statuses=_REFUSALS,
        codes=_codes(
            *("AccessDeniedException", "AccessDenied", "InvalidClientTokenId", "InvalidSignatureException"),
            *("SignatureDoesNotMatch", "UnrecognizedClientException", "ExpiredTokenException", "NotAuthorized"),
        ),
        verdict=Stop(reason="key_refused"),
    ),
    # Postmark: ErrorCode, in answers of 422.
    _Line(ways=_POSTMARK, statuses={422}, codes=_codes("10"), verdict=Stop(reason="key_refused")),
    _Line(ways=_POSTMARK, statuses={422}, codes=_codes("400", "401"), verdict=Stop(reason="sender_not_owned")),
    _Line(ways=_POSTMARK, statuses={422}, codes=_codes("405"), verdict=Stop(reason="credits_used_up")),
    _Line(ways=_POSTMARK, statuses={422}, codes=_codes("412", "413"), verdict=Stop(reason="account_blocked")),
    _Line(ways=_POSTMARK, statuses={422}, codes=_codes("406"), verdict=Fail(reason="suppressed_by_provider")),
    _Line(ways=_POSTMARK, statuses={422}, codes=_codes("411"), verdict=Fail(reason="content_refused")),
    _Line(ways=_POSTMARK, statuses={422}, words=_words(r"'From'"), verdict=Stop(reason="sender_refused")),
    _Line(ways=_POSTMARK, statuses={422}, words=_words(r"'To'"), verdict=_BAD_RECIPIENT),
    _Line(
        ways=_POSTMARK, statuses={422}, words=_words(r"too (large|big)", r"exceed"), verdict=Fail(reason="too_large")
    ),
    # Brevo.
    _Line(ways=_BREVO, statuses=_REFUSALS, codes=_codes("not_enough_credits"), verdict=Stop(reason="credits_used_up")),
    _Line(
        ways=_BREVO,
        statuses=_REFUSALS,
        words=_words(r"not yet activated", r"account (is )?(suspended|blocked|under validation)"),
        verdict=Stop(reason="account_blocked"),
    ),
    _Line(
        ways=_BREVO,
        statuses={400, 403},
        words=_words(r"\bsender\b"),
        verdict=Stop(reason="sender_not_owned"),
    ),
    _Line(ways=_BREVO, statuses={400}, words=_words(r"not valid in to\b", r"\bemail\b.* to\b"), verdict=_BAD_RECIPIENT),
    # Mailgun.
    _Line(
        ways=_MAILGUN,
        statuses=_REFUSALS,
        words=_words(r"not allowed to send", r"disabled", r"free accounts are for test", r"probation"),
        verdict=Stop(reason="account_blocked"),
    ),
    _Line(ways=_MAILGUN, statuses={404}, words=_words(r"domain not found"), verdict=Stop(reason="sender_not_owned")),
    _Line(ways=_MAILGUN, statuses={400}, words=_words(r"'?to'? parameter"), verdict=_BAD_RECIPIENT),
    _Line(ways=_MAILGUN, statuses={420}, verdict=_TOO_FAST),
    # SendGrid.
    _Line(
        ways=_SENDGRID,
        statuses={401, 403},
        words=_words(r"credits exceeded"),
        verdict=Stop(reason="credits_used_up"),
    ),
    _Line(
        ways=_SENDGRID,
        statuses={400, 403},
        codes=_codes("from", "from.email"),
        words=_words(r"sender identity"),
        verdict=Stop(reason="sender_not_owned"),
    ),
    _Line(
        ways=_SENDGRID,
        statuses={400},
        codes=_codes("personalizations.0.to.0.email", "personalizations.0.to"),
        verdict=_BAD_RECIPIENT,
    ),
    # All of them.
    _Line(
        statuses={429}, words=_words(r"\bdaily\b", r"per day"), verdict=Stop(reason="daily_limit", until_tomorrow=True)
    ),
    _Line(statuses={429}, verdict=_TOO_FAST),
    _Line(statuses={401, 403, 407}, verdict=Stop(reason="key_refused")),
    _Line(statuses={402}, verdict=Stop(reason="credits_used_up")),
    _Line(statuses={404, 405, 406, 410}, verdict=Stop(reason="not_an_api")),
    _Line(statuses={413}, verdict=Fail(reason="too_large")),
    _Line(statuses=_REFUSALS, verdict=Fail(reason="request_refused")),
)
_ODD = Doubt(reason="odd_after_dot")


def judge(answer: Answer) -> Verdict:
    verdict = next((line.verdict for line in LINES if line.applies(answer)), _ODD)
    if isinstance(verdict, Pause) and answer.retry_after:
        return replace(verdict, at_least=min(answer.retry_after, LONGEST_WAIT))
    return verdict


def of_recipient(status: str) -> Verdict | None:
    """What Anymail says of one recipient of a mail that was taken; None: it goes to him."""
    match status:
        case "invalid":
            return _BAD_RECIPIENT
        case "rejected":
            return Fail(reason="suppressed_by_provider")
        case "sent" | "queued":
            return None
        case _:
            return Fail(reason="request_refused")


def read(way: Way, status: int, body: str, retry_after: str = "") -> Answer:
    """An answer over HTTP, whatever its body is."""
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    code, text = _told(way, told) if isinstance(told, dict) else ("", body)
    waits = float(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0
    return Answer(way=way, status=status, code=code, text=text, retry_after=waits)


def _told(way: Way, body: dict[str, object]) -> tuple[str, str]:
    match way, body:
        case Way.POSTMARK, {"ErrorCode": code, "Message": text}:
            return str(code), str(text)
        case Way.SENDGRID, {"errors": [{"message": text, **first}, *_]}:
            return str(first.get("field") or ""), str(text)
        case _:
            return str(body.get("code") or ""), str(body.get("message") or "")
