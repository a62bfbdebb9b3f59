import pytest

from cartero.transport import granting
from cartero.transport.explanations import EXPLANATIONS
from cartero.transport.granting import Answer, Denied, Tokens, Waiting
from cartero.transport.replies import Pause, Stop

CASES = [
    (400, {"error": "invalid_grant"}, Stop(reason="leave_ended")),  # withdrawn, too old, a password changed
    (400, {"error": "interaction_required"}, Stop(reason="leave_ended")),  # Microsoft: a rule of her company
    (400, {"error": "access_denied"}, Stop(reason="leave_refused")),
    (400, {"error": "authorization_declined"}, Stop(reason="leave_refused")),  # Microsoft, by device
    (400, {"error": "expired_token"}, Stop(reason="leave_too_late")),
    (401, {"error": "invalid_client"}, Stop(reason="client_refused")),
    (400, {"error": "invalid_scope"}, Stop(reason="client_refused")),  # Google, by device: not for mail
    (400, {"error": "unsupported_grant_type"}, Stop(reason="client_refused")),
    (403, {"error": "unauthorized_client"}, Stop(reason="client_refused")),
    (503, {}, Pause(reason="authority_away")),
    (500, {"error": "invalid_grant"}, Pause(reason="authority_away")),  # whatever it says, it is ill
    (429, {"error": "rate"}, Pause(reason="authority_away")),
    (400, {"error": "temporarily_unavailable"}, Pause(reason="authority_away")),
    (302, {}, Pause(reason="authority_away")),  # a proxy that wants a login
    (404, {}, Pause(reason="authority_away")),
    (200, {}, Pause(reason="authority_away")),  # a page in the place of tokens
]


@pytest.mark.parametrize(("status", "body", "verdict"), CASES)
def test_a_refusal_stops_and_an_authority_that_is_away_is_waited_for(status, body, verdict):
    denied = granting.judge(Answer(status=status, body=body))
    assert isinstance(denied, Denied)
    assert denied.verdict == verdict
    assert verdict.reason in EXPLANATIONS
    assert denied.detail.startswith(str(status))


def test_tokens_come_with_what_is_known_of_them():
    body = {"access_token": "a", "refresh_token": "r", "expires_in": "3599", "scope": "x y"}
    tokens = granting.judge(Answer(status=200, body=body))
    assert tokens == Tokens(access="a", refresh="r", seconds=3599, scope="x y")
    assert "'a'" not in repr(tokens)
    assert granting.judge(Answer(status=200, body={"access_token": "a"})) == Tokens(access="a")


def test_who_has_not_answered_yet_is_waited_for():
    for error, slower in (("authorization_pending", False), ("slow_down", True)):
        assert granting.judge(Answer(status=400, body={"error": error})) == Waiting(slower=slower)


def test_it_says_when_to_come_back():
    denied = granting.judge(Answer(status=429, body={}, retry_after=90))
    assert denied.verdict == Pause(reason="authority_away", at_least=90)


def test_a_device_is_shown_what_to_write():
    body = {"device_code": "d", "user_code": "AB-12\n", "verification_url": "https://example.com/d", "interval": 7}
    device = granting.device(Answer(status=200, body=body))  # Google's name of the page
    assert (device.page, device.user_code, device.interval, device.code) == ("https://example.com/d", "AB-12 ", 7, "d")
    assert "'d'" not in repr(device)
    odd = granting.device(Answer(status=200, body=body | {"verification_url": "javascript:alert(1)"}))
    assert isinstance(odd, Denied)


@pytest.mark.parametrize(
    ("given", "lacks"),
    [
        ("", False),  # all of it (RFC 6749, 5.1)
        ("https://outlook.office.com/SMTP.Send", False),
        ("https://outlook.office.com/smtp.send/ openid", False),
        ("openid email", True),
    ],
)
def test_less_than_was_asked_for_is_seen(given, lacks):
    assert granting.lacks(Tokens(access="a", scope=given), "https://outlook.office.com/SMTP.Send") is lacks
