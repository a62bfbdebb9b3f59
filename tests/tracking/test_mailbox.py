"""Mails in a real Dovecot -> what they change of deliveries, invoices and addresses; once, and none is lost."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from imaplib import IMAP4
from itertools import count

import pytest
from django.db import DatabaseError, connection
from django.db.models.functions import Now
from django.utils import timezone

from cartero.invoices.models import Invoice
from cartero.mailings import outcomes, return_paths, sending
from cartero.mailings.models import Delivery, EventKind
from cartero.mailings.outcomes import Outcome
from cartero.mailings.states import DeliveryStatus
from cartero.parties.models import AddressState
from cartero.platform import crypto, ids
from cartero.tracking import mailbox
from cartero.tracking.models import Receipt
from cartero.transport.models import Grant, ReadingMailbox
from tests import postfix
from tests.dovecot import PASSWORD, USER, Dovecot
from tests.factories import make_account, make_company, make_invoice, make_party
from tests.importing import ubl_documents
from tests.postfix import Postfix
from tests.tracking import further, returning
from tests.tracking.returning import POSTFIX, failed, mail, report

pytestmark = pytest.mark.django_db

MINE = ids.lease()
S = DeliveryStatus
UID = IMAP4.uid
SOME = returning.ALL[::6]
_numbers = count()


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot().start()
    yield server
    server.stop()


@pytest.fixture
def box(account, dovecot) -> ReadingMailbox:
    """A folder of its own."""
    name = f"Vuelve {next(_numbers)}"
    dovecot.create(name, f"{name} le&AO0-do")
    made = ReadingMailbox(account=account, host="127.0.0.1", port=dovecot.port, security="none", username=USER)
    made.folder, made.moved_to, made.private_allowed, made.password = name, f"{name} leído", True, PASSWORD
    made.save()
    return made


@pytest.fixture
def sent(started):
    """Deliveries that their server has taken, to tercero0@example.com and so on."""

    def make(mails: int, status: DeliveryStatus = S.ACCEPTED) -> list[Delivery]:
        mailing = started(mails)
        claimed = outcomes.claim(mailing.pk, MINE, mails)
        outcomes.transmitting(mailing.pk, claimed, MINE)
        if status != S.TRANSMITTING:
            kind = EventKind(status.value)
            outcomes.record([Outcome(delivery=each, status=status, kind=kind, code=250) for each in claimed], MINE)
        return list(mailing.deliveries.order_by("pk").select_related("party"))

    return make


def moved(box):
    """As its name goes over the wire."""
    return box.moved_to.replace("í", "&AO0-")


def head(delivery: Delivery, message_id: str | None = None) -> str:
    named = delivery.message_id if message_id is None else message_id
    return f"From: Valle Verde <{returning.WE}>\nTo: {delivery.to[0]}\nSubject: Factura\n" + (
        f"Message-ID: {named}\n" if named else ""
    )


def bounce(delivery, status="5.1.1", words="smtp; 550 5.1.1 User unknown", **fields):
    return report(POSTFIX, failed(status, words, delivery.to[0]), **({"original": head(delivery)} | fields))


def now(content: bytes) -> bytes:
    """With the date of today, and not that of the samples."""
    return content.replace(returning.DATE.encode(), timezone.now().strftime("%a, %d %b %Y %H:%M:%S +0000").encode())


def status_of(delivery):
    delivery.refresh_from_db()
    return delivery.status


def address_of(delivery):
    return delivery.party.addresses.get(email=delivery.to[0])


def read(box, dovecot, *mails):
    dovecot.put(box.folder, *map(now, mails))
    tally = mailbox.read_all(box)
    assert tally.trouble is None
    return {what: many for what, many in tally.counts.items() if many}


def test_a_bounce_reaches_its_delivery_its_invoice_and_its_address(box, dovecot, sent):
    (delivery,) = sent(1)
    assert read(box, dovecot, bounce(delivery)) == {"mails": 1, "bounced": 1, "moved": 1}
    assert status_of(delivery) == S.BOUNCED
    assert (delivery.reason, delivery.reason_detail) == ("no_mailbox", "550 5.1.1 User unknown")
    assert Invoice.objects.get(deliveries=delivery).mail_status == "bounced"
    assert address_of(delivery).state == AddressState.BOUNCED
    assert (dovecot.flags(box.folder), dovecot.flags(moved(box))) == ([], [""])


ACTIONS = [
    ("delayed", "4.4.1", S.ACCEPTED),
    ("relayed", "2.0.0", S.ACCEPTED),
    ("delivered", "2.0.0", S.DELIVERED),
    ("failed", "4.2.2", S.BOUNCED),
]


@pytest.mark.parametrize(("action", "status", "expected"), ACTIONS)
def test_what_a_report_says_moves_it_or_not(box, dovecot, sent, action, status, expected):
    (delivery,) = sent(1)
    fields = failed(status, "", delivery.to[0]).replace("Action: failed", f"Action: {action}")
    read(box, dovecot, report(POSTFIX, fields, original=head(delivery)))
    assert status_of(delivery) == expected
    assert delivery.events.filter(kind="bounced" if action == "failed" else action).count() == 1
    assert address_of(delivery).state in {AddressState.PENDING, AddressState.VALIDATED}


def test_a_late_delivered_undoes_no_bounce(box, dovecot, sent):
    (delivery,) = sent(1)
    fields = failed("2.0.0", "", delivery.to[0]).replace("failed", "delivered")
    read(box, dovecot, bounce(delivery), report(POSTFIX, fields, original=head(delivery)))
    assert status_of(delivery) == S.BOUNCED


def test_what_people_write_is_shown_and_left_as_it_is(box, dovecot, sent):
    (delivery,) = sent(1)
    answer = mail(
        "Otra Persona <contador@example.org>",
        "Re: Factura",
        "Falta el anexo.\n",
        f"In-Reply-To: {delivery.message_id}\n",
    )
    assert read(box, dovecot, answer) == {"mails": 1, "replied": 1}
    assert delivery.events.get(kind="replied").reply == "contador@example.org · Re: Factura · Falta el anexo."
    assert (dovecot.flags(box.folder), dovecot.flags(moved(box))) == ([""], [])
    assert status_of(delivery) == S.ACCEPTED


AWAY = {"it says so": lambda _one: "Auto-Submitted: auto-replied\n", "to our mark": lambda one: marked(one)}


@pytest.mark.parametrize("sign", AWAY)
def test_an_out_of_office_is_counted_and_changes_nothing(box, dovecot, sent, sign):
    (delivery,) = sent(1)
    away = mail(f"<{delivery.to[0]}>", "Re: Factura", "Vuelvo el lunes.\n", AWAY[sign](delivery))
    assert read(box, dovecot, away) == {"mails": 1, "auto_reply": 1, "moved": 1}
    assert status_of(delivery) == S.ACCEPTED


def test_a_complaint_with_its_user_hidden_is_found_by_our_mark(box, dovecot, sent):
    (delivery,) = sent(1)
    hidden = head(delivery, "").replace(delivery.to[0], "redacted@example.org")
    mark = return_paths.of("rebotes+*@valle.example.co", delivery.pk)
    told = returning.complaint(f"Feedback-Type: abuse\nOriginal-Mail-From: <{mark}>\nVersion: 1\n", hidden)
    assert read(box, dovecot, told) == {"mails": 1, "complained": 1, "moved": 1}
    assert status_of(delivery) == S.COMPLAINED


def marked(delivery):
    return f"Delivered-To: {return_paths.of('rebotes+*@valle.example.co', delivery.pk).upper()}\n"


def test_our_mark_finds_it_whatever_else_is_said(box, dovecot, sent):
    one, other = sent(2)
    forwarded = report(POSTFIX, failed("5.1.1", "", "otro@example.org"), original="", extra=marked(one))
    read(box, dovecot, forwarded)
    assert (status_of(one), status_of(other)) == (S.BOUNCED, S.ACCEPTED)
    assert address_of(one).state == AddressState.BOUNCED


def test_without_mark_or_name_it_is_found_by_whom_was_written_to(box, dovecot, sent):
    (delivery,) = sent(1)
    delivery.party.addresses.update(email="TERCERO0@example.com")
    Delivery.objects.filter(pk=delivery.pk).update(to=["TERCERO0@example.com"])
    assert read(box, dovecot, bounce(delivery, original=""))["bounced"] == 1
    assert status_of(delivery) == S.BOUNCED


def forged(delivery):
    return marked(delivery).rpartition("-")[0] + "-AAAAAAAA@valle.example.co\n"


FOREIGN = {
    "of another mail": lambda one: bounce(one, original=head(one, "<otro@valle.example.co>")),
    "to somebody we do not know": lambda one: report(POSTFIX, failed("5.1.1", "", "x@example.org"), original=""),
    "our mail and another recipient": lambda one: report(
        POSTFIX, failed("5.1.1", "", "x@example.org"), original=f"Message-ID: {one.message_id}\n"
    ),
    "a mark that is not ours": lambda one: report(
        POSTFIX, failed("5.1.1", "", "x@example.org"), original="", extra=forged(one)
    ),
    "it names nobody": lambda one: mail(POSTFIX, "Undelivered Mail Returned to Sender", "It failed.\n"),
}


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("status", [S.ACCEPTED, S.IN_DOUBT])
def test_a_bounce_of_none_of_ours_changes_nothing_and_is_listed(box, dovecot, sent, name, status):
    (delivery,) = sent(1, status)
    assert read(box, dovecot, FOREIGN[name](delivery)) == {"mails": 1, "unmatched": 1}
    assert status_of(delivery) == status
    assert address_of(delivery).state == AddressState.PENDING
    assert Receipt.objects.of(delivery.company).strange().count() == 1
    assert dovecot.flags(box.folder) == [""]  # it may be somebody else's


def test_of_two_mails_to_the_same_it_may_be_either(box, dovecot, sent, register):
    (delivery,) = sent(1)
    other = register()
    Delivery.objects.filter(mailing=other).update(status=S.ACCEPTED, to=delivery.to, accepted_at=timezone.now())
    assert read(box, dovecot, bounce(delivery, original=""))["unmatched"] == 1
    Delivery.objects.filter(mailing=other).update(accepted_at=timezone.now() - timedelta(days=7))
    read(box, dovecot, bounce(delivery, original="", words="smtp; 550 no"))
    assert status_of(delivery) == S.BOUNCED


def test_another_account_s_mailbox_changes_nothing(box, dovecot, sent):
    (delivery,) = sent(1)
    ReadingMailbox.objects.update(account=make_account(make_company()))
    box.refresh_from_db()
    assert read(box, dovecot, bounce(delivery, extra=marked(delivery))) == {"mails": 1, "unmatched": 1}
    assert status_of(delivery) == S.ACCEPTED


@pytest.mark.parametrize(
    ("kind", "expected"), [("failed", S.BOUNCED), ("delivered", S.DELIVERED), ("delayed", S.ACCEPTED)]
)
def test_what_comes_back_for_it_settles_a_doubt(box, dovecot, sent, kind, expected):
    (delivery,) = sent(1, S.IN_DOUBT)
    fields = failed("5.1.1", "", delivery.to[0]).replace("Action: failed", f"Action: {kind}")
    read(box, dovecot, report(POSTFIX, fields, original=head(delivery)))
    assert status_of(delivery) == expected
    assert delivery.events.get(kind=EventKind.SETTLED).reason == "told_by_server"


def test_a_soft_bounce_three_times_makes_an_address_doubtful(box, dovecot, sent, register, ana):
    (delivery,) = sent(1)
    full = {"status": "4.2.2", "words": "smtp; 452 4.2.2 mailbox full"}
    for n in range(3):
        assert address_of(delivery).state == AddressState.PENDING
        if n:
            Delivery.objects.filter(mailing=register()).update(
                status=S.ACCEPTED, to=delivery.to, accepted_at=timezone.now(), message_id=f"<{n}@valle.example.co>"
            )
        read(box, dovecot, bounce(Delivery.objects.order_by("pk").last(), **full))
    assert address_of(delivery).state == AddressState.DOUBTFUL


def test_two_recipients_in_one_report(box, dovecot, sent):
    one, other = sent(2)
    Delivery.objects.filter(pk=one.pk).update(to=[one.to[0], "copia@example.com"])
    one.party.addresses.create(company=one.company, email="copia@example.com")
    fields = "\n".join(failed("5.1.1", "smtp; 550 no", to) for to in (one.to[0], "copia@example.com"))
    read(box, dovecot, report(POSTFIX, fields, original=head(one)))
    told = set(one.events.filter(kind="bounced").values_list("reply", flat=True))
    assert told == {f"{one.to[0]} · 550 no", "copia@example.com · 550 no"}
    states = set(one.party.addresses.values_list("state", flat=True))
    assert (states, status_of(other)) == ({AddressState.BOUNCED}, S.ACCEPTED)


class DiedError(Exception):
    """The process ends here."""


def die(client, command, *words):
    if command == "MOVE":
        raise DiedError
    return UID(client, command, *words)


NO_MORE = """
CREATE FUNCTION pg_temp.die() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN IF NEW.last_uid > 0 THEN RAISE EXCEPTION 'died'; END IF; RETURN NEW; END $$;
CREATE TRIGGER die BEFORE UPDATE ON transport_readingmailbox FOR EACH ROW EXECUTE FUNCTION pg_temp.die()
"""


def test_dying_between_receipt_and_move_does_nothing_twice(box, dovecot, sent, monkeypatch):
    one, other = sent(2)
    dovecot.put(box.folder, now(bounce(one)), now(bounce(other)))
    with monkeypatch.context() as broken:
        broken.setattr(IMAP4, "uid", die)
        with pytest.raises(DiedError):
            mailbox.read_all(box)
    assert [status_of(each) for each in (one, other)] == [S.BOUNCED] * 2
    assert len(dovecot.flags(box.folder)) == 2
    tally = mailbox.read_all(box)
    assert (tally.counts["mails"], tally.counts["moved"]) == (0, 2)
    assert [each.events.filter(kind="bounced").count() for each in (one, other)] == [1, 1]
    assert len(dovecot.flags(moved(box))) == 2


def test_dying_within_what_a_mail_changes_changes_nothing(box, dovecot, sent):
    (delivery,) = sent(1)
    dovecot.put(box.folder, now(bounce(delivery)))
    with connection.cursor() as cursor:
        cursor.execute(NO_MORE)
        with pytest.raises(DatabaseError):
            mailbox.read_all(box)
        assert (status_of(delivery), Receipt.objects.count()) == (S.ACCEPTED, 0)
        cursor.execute("DROP TRIGGER die ON transport_readingmailbox")
    assert mailbox.read_all(box).counts["bounced"] == 1
    assert delivery.events.filter(kind="bounced").count() == 1


def test_a_folder_that_was_made_again_counts_nothing_twice(box, dovecot, sent):
    (delivery,) = sent(1)
    read(box, dovecot, bounce(delivery))
    ReadingMailbox.objects.update(uid_validity=1)
    box.moved_to, box.folder = "", box.moved_to
    box.save()
    assert mailbox.read_all(box).counts["repeated"] == 1
    assert delivery.events.filter(kind="bounced").count() == 1


def test_a_bounce_of_a_mail_in_mid_air_waits(box, dovecot, sent):
    (delivery,) = sent(1, S.TRANSMITTING)
    dovecot.put(box.folder, now(bounce(delivery)))
    tally = mailbox.read_all(box)
    assert (tally.waits, tally.counts["mails"]) == (True, 0)
    outcomes.record([Outcome(delivery=delivery.pk, status=S.ACCEPTED, kind=EventKind.ACCEPTED)], MINE)
    assert mailbox.read_all(box).counts["bounced"] == 1


def test_no_mail_stops_those_behind_it(box, dovecot, sent):
    (delivery,) = sent(1)
    zero = b"From: MAILER-DAEMON@b.co\r\nSubject: =?utf-8?b?AAAA?=\r\nX-Failed-Recipients: =?utf-8?q?a=00@b.co?=\r\n"
    deep = (
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"
        + b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 40
    )
    told = read(box, dovecot, zero + b"\r\n", deep, b"\xff\xfe\r\n\r\n", bounce(delivery))
    assert (told["mails"], told["bounced"]) == (4, 1)
    assert status_of(delivery) == S.BOUNCED


def test_samples_of_every_kind_are_read_from_the_server(box, dovecot):
    told = read(box, dovecot, *[sample.mail for sample in SOME])
    assert told["mails"] == len(SOME)
    assert told["unmatched"] + told.get("other", 0) == len(SOME)


OF_ANOTHER = {"qmail_two_at_once"}  # they name our mail, and people whom it was not written to
MOVED_TO = {"bounced": S.BOUNCED, "complained": S.COMPLAINED}


def test_what_others_send_back_reaches_its_mail(box, dovecot, sent):
    """Each of the table of a mail of its own, all in one mailbox; what names nobody's mail changes none."""
    rows = [row for row in further.ALL if "señor" not in row.told]
    deliveries = sent(len(rows))
    pairs = list(zip(rows, deliveries, strict=True))
    told = read(box, dovecot, *(row.mail(each.to[0], each.message_id) for row, each in pairs))
    assert told["mails"] == len(rows)
    for row, delivery in pairs:
        kind, is_hard, reason = row.says if row.name not in OF_ANOTHER else ("", False, "")
        assert (status_of(delivery), delivery.reason) == (MOVED_TO.get(kind, S.ACCEPTED), reason), row.name
        assert (address_of(delivery).state == AddressState.BOUNCED) == is_hard, row.name
        kinds = list(delivery.events.exclude(kind__in=["registered", "queued", "transmitting", "accepted"]))
        assert len(kinds) == (1 if row.told and row.name not in OF_ANOTHER else 0), row.name


def with_file(name, content):
    kind = 'Content-Type: multipart/mixed; boundary="x"\n'
    words = "--x\nContent-Type: text/plain\n\nVa el acuse.\n--x\nContent-Type: application/octet-stream\n"
    head = f'Content-Disposition: attachment; filename="{name}"\nContent-Transfer-Encoding: base64\n\n'
    body = f"{words}{head}{base64.encodebytes(content).decode()}\n--x--\n"
    return mail("<contador@example.org>", "Evento", body, kind)


def test_events_of_buyers_are_shown_on_their_invoice(box, dovecot, company):
    """In an XML, in a ZIP, twice; an invoice of somebody else's that lies beside it is not imported."""
    invoice = make_invoice(make_party(company))
    receiver = ubl_documents.party(company.tax_id)
    received, accepted = (
        ubl_documents.response(code, invoice.number, number=number, receiver=receiver).encode()
        for code, number in (("030", "AR1"), ("033", "AR2"))
    )
    bundle = ubl_documents.zipped({"evento.xml": accepted, "FE10.xml": ubl_documents.document().encode()})
    told = read(
        box, dovecot, with_file("acuse.xml", received), with_file("todo.zip", bundle), with_file("a.xml", received)
    )
    assert told == {"mails": 3, "events": 3, "other": 3}
    assert sorted(invoice.events.values_list("code", flat=True)) == ["030", "033"]
    assert Invoice.objects.count() == 1
    assert dovecot.flags(box.folder) == [""] * 3


def test_the_worker_reads_it_and_waits_for_more(box, dovecot, sent, transactional_db):
    one, other = sent(2)
    dovecot.put(box.folder, now(bounce(one)))
    looks = iter([False])

    def is_over():
        """It waits already: now something comes."""
        if next(looks, True):
            return status_of(other) == S.BOUNCED
        dovecot.put(box.folder, now(bounce(other)))
        return False

    assert not mailbox.watch(box.pk, is_over)
    assert [status_of(each) for each in (one, other)] == [S.BOUNCED, S.BOUNCED]
    box.refresh_from_db()
    assert (box.watched_until, box.read_at is not None) == (None, True)


def test_two_workers_do_not_read_one_mailbox(box, dovecot, sent):
    (delivery,) = sent(1)
    dovecot.put(box.folder, now(bounce(delivery)))
    ReadingMailbox.objects.update(watched_until=timezone.now() + timedelta(minutes=1))
    assert not mailbox.watch(box.pk, lambda: True)
    assert status_of(delivery) == S.ACCEPTED
    ReadingMailbox.objects.update(watched_until=timezone.now() - timedelta(minutes=1))
    mailbox.watch(box.pk, lambda: True)
    assert status_of(delivery) == S.BOUNCED


def test_after_a_refused_login_nobody_tries_again(box, dovecot):
    box.password = "otra"
    box.save()
    mailbox.watch(box.pk, lambda: True)
    mailbox.watch(box.pk, lambda: True)
    box.refresh_from_db()
    assert (box.trouble, box.is_refused) == ("login_refused", True)
    assert dovecot.log().count("auth failed, 1 attempts") == 1


def test_a_token_of_the_account_opens_it(box, dovecot, sent, account):
    """What stands in for Google or Microsoft here signs the token that Dovecot checks; an old one it refuses."""
    (delivery,) = sent(1)
    box.password_sealed = ""
    box.save()
    grant(account, dovecot.token(seconds=-60))
    assert mailbox.read_all(box).trouble.reason == "token_refused"
    assert dovecot.log().count("auth failed, 1 attempts") >= 1
    grant(account, dovecot.token())
    assert read(box, dovecot, bounce(delivery)) == {"mails": 1, "bounced": 1, "moved": 1}
    assert status_of(delivery) == S.BOUNCED


def grant(account, token):
    account.way = "google"
    account.save()
    facts = {"refresh_sealed": crypto.seal("r"), "access_sealed": crypto.seal(token), "granted_at": Now()}
    Grant.objects.update_or_create(account=account, defaults=facts | {"access_until": Now() + timedelta(hours=1)})


REFUSED = {0: "5.1.1 user unknown", 2: "5.2.2 mailbox full"}


@pytest.fixture
def relay(dovecot, smtp_server) -> Iterator[Postfix]:
    server = Postfix(dovecot, smtp_server.port).start()
    yield server
    server.stop()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(bool(postfix.why_not()), reason=postfix.why_not() or "-")
def test_what_a_real_postfix_gives_back(relay, box, dovecot, smtp_server, account, started):
    """With marks (VERP): to an address of each mail's own."""
    for n, words in REFUSED.items():
        smtp_server.answer("rcpt", 550, words, when=f"tercero{n}@example.com")
    account.port, account.return_address = relay.port, f"rebotes+*@{postfix.DOMAIN}"
    account.save()
    box.folder, box.moved_to = "INBOX", ""
    box.save()
    mailing = started(4)
    while sending.send_some(mailing.pk):
        pass
    relay.drain()
    tally = mailbox.read_all(box)
    assert (tally.counts["bounced"], tally.counts["unmatched"]) == (2, 0)
    assert list(mailing.deliveries.order_by("pk").values_list("status", "reason")) == [
        ("bounced", "no_mailbox"), ("accepted", ""), ("bounced", "mailbox_full"), ("accepted", ""),
    ]  # fmt: skip
    back = mailing.deliveries.filter(status=S.BOUNCED).order_by("pk").select_related("party")
    assert [address_of(each).state for each in back] == [AddressState.BOUNCED, AddressState.VALIDATED]
