"""What an authorization server's answer means (RFC 6749, 5; RFC 8628, 3). Values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cartero.transport.replies import Pause, Stop, visible

USUAL_SECONDS = 300.0  # of an access token whose end its server does not say


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`body` is empty where the answer was no JSON object; `retry_after` is in seconds."""

    status: int
    body: Mapping[str, object]
    retry_after: float = 0


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """`refresh` is empty where the one that there is stays good; `scope` where it is all that was asked for."""

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    seconds: float = USUAL_SECONDS
    scope: str = ""


@dataclass(frozen=True, kw_only=True)
class Device:
    """What a person is told who gives leave on another device: open `page`, write `user_code`."""

    code: str = field(repr=False)
    user_code: str
    page: str
    seconds: float
    interval: float


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """She has not answered yet; `slower`: ask five seconds less often from now on."""

    slower: bool


@dataclass(frozen=True, kw_only=True)
class Denied:
    """No token: the account waits, or stops until a person mends it. `detail` are the authority's own words."""

    verdict: Pause | Stop
    detail: str = ""


_STILL = {"authorization_pending": Waiting(slower=False), "slow_down": Waiting(slower=True)}
_AWAY = frozenset({"temporarily_unavailable", "server_error"})
REASONS: Mapping[str, str] = {
    # The leave has ended: withdrawn, too old, a password that was changed, a rule of her company.
    **dict.fromkeys(("invalid_grant", "interaction_required", "consent_required", "login_required"), "leave_ended"),
    # She said no, or came too late.
    **dict.fromkeys(("access_denied", "authorization_declined"), "leave_refused"),
    **dict.fromkeys(("expired_token", "code_expired", "bad_verification_code"), "leave_too_late"),
}


def judge(answer: Answer) -> Tokens | Waiting | Denied:
    """Of the token endpoint. What is neither tokens nor a refusal of hers is a matter of our registration there."""
    if answer.status == 200 and _text(answer, "access_token"):
        return Tokens(
            access=_text(answer, "access_token"),
            refresh=_text(answer, "refresh_token"),
            seconds=_number(answer, "expires_in", USUAL_SECONDS),
            scope=_text(answer, "scope"),
        )
    return _STILL.get(_text(answer, "error")) or refusal(answer)


def device(answer: Answer) -> Device | Denied:
    """Of the device authorization endpoint. Google calls its page `verification_url`."""
    page = _text(answer, "verification_uri") or _text(answer, "verification_url")
    if answer.status != 200 or not _text(answer, "device_code") or not page.startswith(("https://", "http://")):
        return refusal(answer)
    return Device(
        code=_text(answer, "device_code"),
        user_code=visible(_text(answer, "user_code")),
        page=visible(page),
        seconds=_number(answer, "expires_in", USUAL_SECONDS),
        interval=_number(answer, "interval", 5),
    )


def refusal(answer: Answer) -> Denied:
    error = _text(answer, "error")
    detail = visible(f"{answer.status} {error} {_text(answer, 'error_description')}".strip())
    is_away = answer.status == 429 or answer.status >= 500 or error in _AWAY
    if is_away or not error:  # a page of some proxy is no refusal
        return Denied(verdict=Pause(reason="authority_away", at_least=answer.retry_after), detail=detail)
    verdict = Stop(reason=REASONS[error]) if error in REASONS else Stop(reason="client_refused")
    return Denied(verdict=verdict, detail=detail)


def lacks(tokens: Tokens, scope: str) -> bool:
    """Whether she gave less than was asked for: both let her tick it off. Microsoft writes scopes as it likes."""
    given = [each.casefold().rstrip("/") for each in tokens.scope.split()]
    return bool(given) and scope.casefold().rstrip("/") not in given


def _text(answer: Answer, name: str) -> str:
    value = answer.body.get(name)
    return value if isinstance(value, str) else ""


def _number(answer: Answer, name: str, usual: float) -> float:
    value = answer.body.get(name)
    try:
        return float(value) if isinstance(value, int | float | str) else usual
    except ValueError:
        return usual
