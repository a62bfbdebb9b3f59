import pytest

from cartero.tracking import reading
from cartero.tracking.feedback import Kind
from tests.tracking import further, returning
from tests.tracking.returning import HEAD, OURS, POSTFIX, TO, Sample, failed, mail, report


@pytest.mark.parametrize("sample", returning.ALL, ids=lambda sample: sample.name)
def test_what_comes_back_is_understood(sample: Sample):
    (told,) = reading.read(sample.mail).feedback
    assert (told.kind, told.addresses[:1], told.status) == (sample.kind, (sample.address,), sample.status)
    assert (told.is_hard, told.reason) == (sample.is_hard, sample.reason)
    assert told.message_ids[:1] == ((OURS,) if sample.names_ours else ())


@pytest.mark.parametrize("row", further.ALL, ids=lambda row: row.name)
def test_what_others_send_back_is_understood(row: further.Row):
    told = reading.read(row.mail()).feedback
    assert [next(iter(each.addresses), "?") for each in told] == row.addresses
    assert {(each.kind, each.is_hard, each.reason) for each in told} == ({row.says} if row.addresses else set())
    assert all(each.message_ids[:1] == (OURS,) for each in told) or not row.names_ours


def test_there_are_samples_enough():
    assert len({sample.mail for sample in returning.ALL}) >= 60
    assert len({row.mail() for row in further.ALL}) >= 120


def test_unix_line_ends_say_the_same():
    for sample in returning.ALL:
        (told,) = reading.read(sample.mail.replace(b"\r\n", b"\n")).feedback
        assert (told.kind, told.is_hard, told.reason) == (sample.kind, sample.is_hard, sample.reason), sample.name


def test_a_report_of_several_recipients():
    fields = failed("5.1.1", "", "a@x.example.co") + "\n" + failed("4.4.7", "", "b@x.example.co")
    told = reading.read(report(POSTFIX, fields)).feedback
    assert [(each.addresses, each.is_hard) for each in told] == [
        (("a@x.example.co",), True),
        (("b@x.example.co",), False),
    ]


def test_a_forwarded_mail_bounces_for_whom_we_wrote_to():
    fields = f"Original-Recipient: rfc822;{TO}\n" + failed("5.1.1", "", "otro@gmail.example")
    (told,) = reading.read(report(POSTFIX, fields)).feedback
    assert told.addresses == (TO, "otro@gmail.example")


def test_the_server_and_its_words_are_kept():
    (told,) = reading.read(returning.REPORTS[0].mail).feedback
    assert told.teller == "mx1.cliente.example.co"
    assert told.code == 550
    assert told.diagnostic.startswith(
        "550 5.1.1 <pagos@cliente.example.co>: Recipient address rejected: User unknown in"
    )
    assert told.at is not None
    assert told.at.isoformat() == "2026-07-21T09:15:30-05:00"


def test_what_a_person_wrote_without_what_she_quotes():
    (told,) = reading.read(next(each for each in returning.ANSWERS if each.name == "a_person").mail).feedback
    assert (told.subject, told.text) == ("Re: Factura FE101", "Recibido, pagamos el viernes.")


NO_COMPLAINTS = ["not-spam", "auth-failure", "other", ""]


@pytest.mark.parametrize("sort", NO_COMPLAINTS)
def test_reports_that_complain_of_nothing(sort):
    told = reading.read(returning.complaint(f"Feedback-Type: {sort}\nVersion: 1\n")).feedback
    assert Kind.COMPLAINED not in {each.kind for each in told}
    assert Kind.BOUNCED not in {each.kind for each in told}


def test_an_event_of_a_buyer_is_found():
    body = (
        "--limite\nContent-Type: application/zip\nContent-Disposition: attachment; filename*=utf-8''ev%C3%A9nto.zip\n"
    )
    body += "Content-Transfer-Encoding: base64\n\nUEsDBA==\n--limite--\n"
    read = reading.read(mail(TO, "Evento;900377216", body, 'Content-Type: multipart/mixed; boundary="limite"\n'))
    assert [(file.name, file.content) for file in read.files] == [("evénto.zip", b"PK\x03\x04")]


def nested(depth: int) -> bytes:
    opened = "".join(f'Content-Type: multipart/mixed; boundary="n{n}"\n\n--n{n}\n' for n in range(depth))
    return f"From: {POSTFIX}\n{opened}\n\n".encode()


TOO_MUCH = [
    (nested(22), "depth"),
    (nested(5_000), "depth"),
    (b'Content-Type: multipart/mixed; boundary="x"\n\n' + b"--x\n\na\n" * 300, "parts"),
    (b"".join(b"X-%d: a\n" % n for n in range(600)) + b"\n\nx", "header_lines"),
    (b"X-A: " + b"a" * 70_000 + b"\n\nx", "header"),
    (b"X-A: b\n" + b" " + b"a" * 30_000 + (b"\n " + b"a" * 30_000) * 3 + b"\n\nx", "header"),
]


@pytest.mark.parametrize(("content", "limit"), TOO_MUCH, ids=[f"{limit}-{n}" for n, (_, limit) in enumerate(TOO_MUCH)])
def test_past_a_limit_it_is_set_aside(content, limit):
    assert reading.read(content) == reading.Reading(set_aside=limit)


BARELY = [
    nested(20),
    b'Content-Type: multipart/mixed; boundary="x"\n\n' + b"--x\n\na\n" * 199,
    b"X-A: " + b"a" * 60_000,
]


@pytest.mark.parametrize("content", BARELY, ids=["depth", "parts", "header"])
def test_within_the_limits_it_is_read(content):
    assert not reading.read(content).set_aside


HOSTILE = [
    b"",
    b"\x00" * 10_000,
    bytes(range(256)) * 40,
    b"\n\n\n",
    b": x\n\n: y",
    b"Content-Type: multipart/report; boundary=\n\n--\n--\n",
    b'Content-Type: multipart/report; boundary="' + b"a" * 3_000 + b'"\n\n--' + b"a" * 3_000 + b"\n\nx",
    b"Content-Type: " + b';"' * 30_000 + b"\n\nx",
    b"Content-Type: text/plain; charset=idna\n\n" + b"a" * 100_000,
    b"Content-Type: text/plain; charset*=utf-8''%ff%fe; charset*0=x\n\n\xff\xfe",
    b"Subject: =?utf-8?b?"
    + b"A" * 50_000
    + b"?=\nFrom: =?zlib?b?eJw=?= =?utf-8?q?=0ABcc:x?= <mailer-daemon@x>\n\n\xff",
    b"From: mailer-daemon@x\nSubject: failure notice\n\n" + b"<" * 60_000 + b"@" * 60_000,
    b"From: mailer-daemon@x\nSubject: failure notice\n\n" + b"a@b.co " * 20_000,
    b"From: mailer-daemon@x\nSubject: failure notice\n\n" + b"mailbox" + b" " * 60_000 + b"account" * 9_000,
    b"From: <" * 9_000 + b"\n\nx",
    b"Date: " + b"9" * 50_000 + b"\n\nx",
    b"Date: Tue, 99 Foo 99999 99:99:99 +9999\nAuto-Submitted: auto-replied\n\nx",
    b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n"
    + b"Final-Recipient: rfc822; a@b.co\nAction: failed\n\n" * 5_000
    + b"--x--",
    b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n"
    b"Content-Transfer-Encoding: base64\n\n!!!!\n--x\nContent-Type: message/rfc822\n\n" + b"a: b\n" * 400,
    HEAD.encode() + b"Content-Transfer-Encoding: uuencode\n\nbegin 666 x\n" + b"M" * 100_000,
]


@pytest.mark.parametrize("content", HOSTILE, ids=range(len(HOSTILE)))
def test_no_bytes_break_it(content):
    for each in reading.read(content).feedback:
        assert len(each.diagnostic) <= 400
        assert len(each.addresses) <= 20


def test_only_the_beginning_of_a_huge_one_is_read():
    huge = returning.REPORTS[0].mail + b"x" * (11 * 1024**2)
    assert reading.read(huge).feedback[0].status == "5.1.1"
