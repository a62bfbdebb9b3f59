import logging
from datetime import UTC, datetime

import pytest

from cartero.composing import mime
from cartero.composing.letter import Frame, Letter, Sender
from cartero.invoices.data import Document
from cartero.transport import api
from cartero.transport.replies import Doubt, Fail, Later, Pause, Sent, Stop
from cartero.transport.server import ApiServer, Timeouts
from cartero.transport.ways import BY_API, Way
from tests.provider import KEY, ProviderServer

WAYS = sorted(BY_API)
ANA = "ana@example.com"
QUICK = Timeouts(connect=2, data=0.5)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


@pytest.fixture
def make_provider():
    started = []

    def make(way):
        started.append(ProviderServer(way=way).start())
        return started[-1]

    yield make
    for server in started:
        server.stop()


def connected(provider, key=KEY, timeouts=QUICK):
    url = f"{provider.url}/v3" if provider.way in {Way.MAILGUN, Way.SENDGRID, Way.BREVO} else provider.url
    user = {Way.SES: "AKIA123", Way.MAILGUN: "mg.valle.example.co"}.get(provider.way, "")
    server = ApiServer(
        way=provider.way, host="127.0.0.1", key=key, username=user, region="us-east-1", url=url, timeouts=timeouts
    )
    return api.connect(server)


@pytest.fixture
def composed():
    return compose()


def compose(logo=b"", to=(ANA,)):
    sender = Sender(
        name="Valle S.A.S.",
        trade_name="Valle, Ñuñez & Cía",
        tax_id="900.000.001-1",
        from_address="facturas@valle.example.co",
        from_name="Valle, Ñuñez & Cía",
        reply_to="respuestas@valle.example.co",
        phone="",
        address="",
        city="Medellín",
        color="#2548b0",
        logo=logo,
    )
    frame = Frame(sender=sender, subject="", message_html="<p>Hola señora</p>", legal=not logo, test=False)
    letter = Letter(
        message_id="<abc.1@valle.example.co>",
        date=datetime(2026, 7, 1, tzinfo=UTC),
        to=to,
        subject="900000001;Valle Ñ;FE1;01;Valle;",
        fields={},
        documents=(),
        attachments=(Document(name="z0900.zip", media_type="application/zip", content=bytes(range(256)) * 50),),
    )
    return mime.compose(mime.prepare(frame), letter)


def send(connection, mail, to=None):
    return connection.transmit(mail.envelope_from, to or mail.to, mail.message)


@pytest.mark.parametrize("way", WAYS)
def test_a_mail_is_the_same_whoever_takes_it(way, make_provider, composed):
    provider = make_provider(way)
    done = send(connected(provider), composed)
    assert done.verdict == Sent(), done
    (taken,) = provider.taken
    assert taken.to == (ANA,)
    assert taken.subject == "900000001;Valle Ñ;FE1;01;Valle;"
    assert "facturas@valle.example.co" in taken.sender
    assert "Ñuñez" in str(taken.sender)
    assert "Hola señora" in taken.text
    assert "Hola señora" in taken.html
    assert taken.files == (("z0900.zip", bytes(range(256)) * 50),)
    headers = {name.lower(): value for name, value in taken.headers.items()}
    assert headers["message-id"] == "<abc.1@valle.example.co>"
    assert headers["auto-submitted"] == "auto-generated"
    assert "respuestas@valle.example.co" in headers["reply-to"]
    assert taken.raw or taken.beside == {"cartero": "abc.1@valle.example.co"}  # so that it tells of it by that name


def test_a_name_longer_than_a_provider_takes_beside_a_mail_stays_out(make_provider, composed):
    provider = make_provider(Way.POSTMARK)
    long = composed.message.replace(b"<abc.1@valle.example.co>", b"<abc.1@" + b"v" * 80 + b".example.co>")
    assert connected(provider).transmit(composed.envelope_from, [ANA], long).verdict == Sent()
    assert provider.taken[0].beside == {}


PROOFS = {
    Way.POSTMARK: "200 pm-1",
    Way.BREVO: "201 <brevo-1@smtp-relay.example.com>",
    Way.SENDGRID: "202 sg-1",
    Way.MAILGUN: "200 <mg-1@example.com>",
    Way.SES: "200 ses-1",
}


@pytest.mark.parametrize("way", WAYS)
def test_the_providers_own_id_is_the_proof(way, make_provider, composed):
    assert send(connected(make_provider(way)), composed).text == PROOFS[way]


@pytest.mark.parametrize("way", [Way.SES, Way.MAILGUN])
def test_who_takes_raw_mails_gets_every_byte(way, make_provider, composed):
    provider = make_provider(way)
    send(connected(provider), composed)
    assert provider.taken[0].raw == composed.message


def test_where_each_api_is_asked(make_provider, composed):
    paths = {}
    for way in WAYS:
        provider = make_provider(way)
        send(connected(provider), composed)
        paths[way] = provider.taken[0].path
    assert paths == {
        Way.POSTMARK: "/email",
        Way.BREVO: "/v3/smtp/email",
        Way.SENDGRID: "/v3/mail/send",
        Way.MAILGUN: "/v3/mg.valle.example.co/messages.mime",
        Way.SES: "/v2/email/outbound-emails",
    }


def test_it_goes_to_the_envelope_whatever_the_header_says(make_provider, composed):
    """A trial, or a mail that is sent again to one of several."""
    for way in WAYS:
        provider = make_provider(way)
        send(connected(provider), composed, to=("otra@example.com",))
        assert provider.taken[0].to == ("otra@example.com",), way


@pytest.mark.parametrize("way", [Way.POSTMARK, Way.SENDGRID, Way.BREVO, Way.MAILGUN, Way.SES])
def test_a_logo_is_within_the_message(way, make_provider):
    provider = make_provider(way)
    assert send(connected(provider), compose(logo=PNG)).verdict == Sent()
    taken = provider.taken[0]
    if way == Way.BREVO:  # takes no pictures but in the HTML itself
        assert 'src="data:image/png;base64,' in taken.html
        assert "cid:" not in taken.html
        assert [name for name, _ in taken.files] == ["z0900.zip"]
    else:
        assert "cid:logo." in taken.html


@pytest.mark.parametrize("way", WAYS)
def test_one_connection_serves_many_mails(way, make_provider, composed):
    connection = connected(make_provider(way))
    for count in (1, 2, 3):
        assert send(connection, composed).verdict == Sent()
        assert (connection.mails, connection.is_usable()) == (count, True)
    connection.close()
    assert not connection.is_usable()


@pytest.mark.parametrize("way", WAYS)
def test_a_wrong_key_stops_and_is_not_shown(way, make_provider, composed):
    provider = make_provider(way)
    if way == Way.SES:
        provider.answer(403, {"message": f"bad {KEY}"}, x_amzn_ErrorType="UnrecognizedClientException")
    else:
        provider.answer(
            401,
            {"message": f"bad {KEY}", "errors": [{"message": f"bad {KEY}"}], "ErrorCode": 10, "Message": f"bad {KEY}"},
        )
    done = send(connected(provider), composed)
    assert done.verdict == Stop(reason="key_refused")
    assert "***" in done.text
    assert KEY not in repr(done)


@pytest.mark.parametrize("way", WAYS)
def test_one_that_is_busy_is_waited_for_as_long_as_it_says(way, make_provider, composed):
    provider = make_provider(way)
    provider.answer(429, {"message": "slow down"}, Retry_After="40")
    provider.answer(503, "<html>Sorry</html>")
    connection = connected(provider)
    first = send(connection, composed)
    assert isinstance(first.verdict, Pause)
    assert first.verdict.at_least == (0 if way == Way.SES else 40)
    assert send(connection, composed).verdict == Pause(reason="server_busy")
    assert provider.requests == 2  # nobody tries again behind our back
    assert send(connection, composed).verdict == Sent()


@pytest.mark.parametrize("way", WAYS)
def test_silence_after_the_request_leaves_a_doubt(way, make_provider, composed):
    provider = make_provider(way)
    provider.silent.set()
    done = send(connected(provider, timeouts=Timeouts(connect=2, data=0.3)), composed)
    assert done.verdict == Doubt(reason="broken_after_dot")
    assert provider.requests == 1


@pytest.mark.parametrize("way", WAYS)
def test_nobody_listens(way, composed):
    provider = ProviderServer(way=way)
    provider.url = "http://127.0.0.1:1"
    assert send(connected(provider), composed).verdict == Pause(reason="no_answer")


@pytest.mark.parametrize("way", [way for way in WAYS if way != Way.SENDGRID])  # whose yes has no words
def test_a_yes_that_nobody_understands_leaves_a_doubt(way, make_provider, composed):
    provider = make_provider(way)
    provider.answer(200, "{}" if way != Way.SES else '{"otra": 1}')
    assert send(connected(provider), composed).verdict == Doubt(reason="odd_after_dot")


def test_a_redirect_is_not_followed(make_provider, composed):
    provider = make_provider(Way.POSTMARK)
    provider.answer(307, "", Location=f"{provider.url}/otra")
    assert send(connected(provider), composed).verdict == Stop(reason="not_an_api")
    assert provider.requests == 1


def test_some_of_its_recipients_are_suppressed(make_provider):
    mail = compose(to=(ANA, "bruno@example.com"))
    provider = make_provider(Way.POSTMARK)
    words = (
        "Message OK, but will not deliver to these inactive addresses: bruno@example.com."
        " Inactive recipients are ones that have generated a hard bounce or a spam complaint."
    )
    provider.answer(
        200, {"ErrorCode": 0, "Message": words, "MessageID": "pm-9", "To": "ana@example.com, bruno@example.com"}
    )
    done = send(connected(provider), mail)
    assert done.verdict == Sent()
    assert {address: each.verdict for address, each in done.refused.items()} == {
        "bruno@example.com": Fail(reason="suppressed_by_provider")
    }


def test_all_of_them_are(make_provider, composed):
    provider = make_provider(Way.POSTMARK)
    words = (
        "You tried to send to a recipient that has been marked as inactive.\nFound inactive addresses: "
        f"{ANA}. Inactive recipients are ones that have generated a hard bounce or a spam complaint. "
    )
    provider.answer(422, {"ErrorCode": 406, "Message": words})
    done = send(connected(provider), composed)
    assert done.verdict == Fail(reason="suppressed_by_provider")
    assert "inactive" in done.text


def test_one_bad_address_of_two_is_to_blame(make_provider):
    mail = compose(to=(ANA, "bruno@example.com"))
    provider = make_provider(Way.POSTMARK)
    provider.answer(422, {"ErrorCode": 300, "Message": "Invalid 'To' address: 'bruno@example.com'."})
    done = send(connected(provider), mail)
    assert done.verdict == Fail(reason="bad_address", address_unusable=True)
    assert done.refused["bruno@example.com"].verdict == done.verdict
    assert ANA not in done.refused or done.refused[ANA].verdict != done.verdict


def test_an_address_with_letters_of_its_own_is_not_given_away(make_provider, composed):
    provider = make_provider(Way.POSTMARK)
    done = send(connected(provider), composed, to=("señora@example.com",))
    assert done.verdict == Fail(reason="needs_smtputf8")
    assert provider.requests == 0


def test_its_repr_has_no_key(make_provider):
    connection = connected(make_provider(Way.BREVO))
    assert KEY not in repr(connection.server)


def test_a_line_that_breaks_before_the_end_of_the_request_may_go_again(make_provider, composed):
    """The server has had no whole request, so nothing is in doubt."""
    provider = make_provider(Way.MAILGUN)
    provider.answer(408, "")
    assert send(connected(provider), composed).verdict == Later(reason="line_broke")


@pytest.mark.parametrize("way", WAYS)
def test_neither_key_nor_mail_is_in_a_log(way, make_provider, composed, caplog):
    caplog.set_level(logging.DEBUG)
    provider = make_provider(way)
    connection = connected(provider)
    send(connection, composed)
    provider.answer(400, {"message": "no"})
    send(connection, composed)
    for secret in (KEY, "Hola", ANA):
        assert secret not in caplog.text
