import re
from pathlib import Path

import pytest

from cartero.transport import api_answers
from cartero.transport.api_answers import Answer
from cartero.transport.replies import Doubt, Fail, Later, Pause, Stop
from cartero.transport.ways import BY_API, Way

SES, POSTMARK, BREVO, MAILGUN, SENDGRID = Way.SES, Way.POSTMARK, Way.BREVO, Way.MAILGUN, Way.SENDGRID
TOO_FAST = Pause(reason="too_fast", fewer_connections=True)
BAD = Fail(reason="bad_address", address_unusable=True)
TOMORROW = Stop(reason="daily_limit", until_tomorrow=True)
NOT_OWNED = Stop(reason="sender_not_owned")

OF_ALL = [
    (200, "", Doubt(reason="odd_after_dot")),  # it said yes, as nobody else does
    (302, "", Stop(reason="not_an_api")),
    (400, "something new", Fail(reason="request_refused")),  # ten in a row of several domains stop: history.py
    (401, "", Stop(reason="key_refused")),
    (402, "", Stop(reason="credits_used_up")),
    (403, "", Stop(reason="key_refused")),
    (404, "", Stop(reason="not_an_api")),
    (408, "", Later(reason="line_broke")),  # it has not had the whole request
    (413, "", Fail(reason="too_large")),
    (429, "", TOO_FAST),
    (429, "daily limit", TOMORROW),
    (500, "", Pause(reason="server_busy")),
    (502, "", Pause(reason="server_busy")),
    (503, "", Pause(reason="server_busy")),
    (504, "", Doubt(reason="broken_after_dot")),  # who stands before it has passed it on, and waited too short
]
OF_ONE = [
    (SES, 429, "TooManyRequestsException", "Daily message quota exceeded.", TOMORROW),
    (SES, 400, "LimitExceededException", "Daily sending quota exceeded", TOMORROW),
    (SES, 429, "TooManyRequestsException", "Maximum sending rate exceeded.", TOO_FAST),
    (SES, 400, "ThrottlingException", "Rate exceeded", TOO_FAST),
    (SES, 400, "AccountSuspendedException", "", Stop(reason="account_blocked")),
    (SES, 400, "SendingPausedException", "", Stop(reason="account_blocked")),
    (SES, 400, "MailFromDomainNotVerifiedException", "", NOT_OWNED),
    (SES, 400, "MessageRejected", "Email address is not verified. The following…", NOT_OWNED),
    (SES, 400, "MessageRejected", "Message length is more than 41943040 bytes long", Fail(reason="too_large")),
    (SES, 400, "MessageRejected", "virus", Fail(reason="content_refused")),
    (SES, 403, "AccessDeniedException", "not authorized to perform ses:SendEmail", Stop(reason="key_refused")),
    (SES, 400, "InvalidClientTokenId", "", Stop(reason="key_refused")),
    (SES, 400, "BadRequestException", "", Fail(reason="request_refused")),
    (POSTMARK, 422, "10", "Bad or missing API token", Stop(reason="key_refused")),
    (POSTMARK, 422, "300", "Invalid 'From' address: 'x'.", Stop(reason="sender_refused")),
    (POSTMARK, 422, "300", "Invalid 'To' address: 'x'.", BAD),
    (POSTMARK, 422, "400", "The 'From' address you supplied is not a Sender Signature", NOT_OWNED),
    (POSTMARK, 422, "401", "Sender signature not confirmed", NOT_OWNED),
    (POSTMARK, 422, "405", "Not allowed to send: you have no credits", Stop(reason="credits_used_up")),
    (POSTMARK, 422, "406", "inactive", Fail(reason="suppressed_by_provider")),
    (POSTMARK, 422, "411", "forbidden attachment type", Fail(reason="content_refused")),
    (POSTMARK, 422, "412", "pending approval", Stop(reason="account_blocked")),
    (POSTMARK, 422, "300", "Email size exceeds 10 MB", Fail(reason="too_large")),
    (BREVO, 400, "not_enough_credits", "", Stop(reason="credits_used_up")),
    (BREVO, 403, "permission_denied", "Your SMTP account is not yet activated", Stop(reason="account_blocked")),
    (BREVO, 400, "invalid_parameter", "sender is not valid", NOT_OWNED),
    (BREVO, 400, "invalid_parameter", "email is not valid in to", BAD),
    (BREVO, 401, "unauthorized", "Key not found", Stop(reason="key_refused")),
    (MAILGUN, 400, "", "Domain x is not allowed to send: it is disabled", Stop(reason="account_blocked")),
    (MAILGUN, 404, "", "Domain not found: x", NOT_OWNED),
    (MAILGUN, 400, "", "'to' parameter is not a valid address. please check documentation", BAD),
    (MAILGUN, 401, "", "Forbidden", Stop(reason="key_refused")),
    (MAILGUN, 420, "", "", TOO_FAST),
    (SENDGRID, 401, "", "Maximum credits exceeded", Stop(reason="credits_used_up")),
    (SENDGRID, 403, "from", "The from address does not match a verified Sender Identity.", NOT_OWNED),
    (SENDGRID, 400, "personalizations.0.to.0.email", "Does not contain a valid address.", BAD),
]  # fmt: skip


@pytest.mark.parametrize("way", sorted(BY_API))
@pytest.mark.parametrize(("status", "text", "verdict"), OF_ALL)
def test_what_a_status_means_whoever_says_it(way, status, text, verdict):
    assert api_answers.judge(Answer(way=way, status=status, text=text)) == verdict


@pytest.mark.parametrize(("way", "status", "code", "text", "verdict"), OF_ONE)
def test_what_a_provider_means_by_its_own_words(way, status, code, text, verdict):
    assert api_answers.judge(Answer(way=way, status=status, code=code, text=text)) == verdict


def test_it_is_waited_for_as_long_as_it_says_but_not_for_ever():
    for said, waits in ((30, 30), (10**9, api_answers.LONGEST_WAIT)):
        verdict = api_answers.judge(Answer(way=BREVO, status=503, retry_after=said))
        assert verdict == Pause(reason="server_busy", at_least=waits)


BODIES = [
    (POSTMARK, '{"ErrorCode": 406, "Message": "inactive"}', "406", "inactive"),
    (BREVO, '{"code": "unauthorized", "message": "Key not found"}', "unauthorized", "Key not found"),
    (SENDGRID, '{"errors": [{"message": "no", "field": "from", "help": null}]}', "from", "no"),
    (SENDGRID, '{"errors": [{"message": "no", "field": null}]}', "", "no"),
    (SENDGRID, '{"errors": []}', "", ""),
    (MAILGUN, '{"message": "Domain not found"}', "", "Domain not found"),
    (MAILGUN, "Forbidden", "", "Forbidden"),  # no JSON at all
    (BREVO, "[1]", "", "[1]"),
]


@pytest.mark.parametrize(("way", "body", "code", "text"), BODIES)
def test_an_answer_is_read_whatever_it_is(way, body, code, text):
    answer = api_answers.read(way, 400, body, "Wed, 21 Oct 2026 07:28:00 GMT")
    assert (answer.code, answer.text, answer.retry_after) == (code, text, 0)
    assert answer.reply.shown.startswith("400 ")


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("sent", None),
        ("queued", None),
        ("invalid", BAD),
        ("rejected", Fail(reason="suppressed_by_provider")),
        ("unknown", Fail(reason="request_refused")),  # nobody said that it goes to him
        ("failed", Fail(reason="request_refused")),
    ],
)
def test_what_is_said_of_one_recipient(status, verdict):
    assert api_answers.of_recipient(status) == verdict


def test_every_line_has_its_case():
    """Each verdict of the table is seen above, for the providers it is about."""
    lines = Path(api_answers.__file__).read_text()
    told = set(re.findall(r'reason="(\w+)"', lines))
    seen = {verdict.reason for *_, verdict in (*OF_ALL, *OF_ONE)} | {"bad_address", "suppressed_by_provider"}
    assert told == seen
