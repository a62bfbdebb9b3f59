"""`cartero mailing …`, for programs."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from typer.testing import CliRunner

from cartero.cli import mailing as commands
from cartero.invoices import storing
from cartero.invoices.models import Invoice, InvoiceFile
from cartero.invoices.states import FileRole
from cartero.mailings import lifecycle, registering
from cartero.mailings.errors import NothingInDoubt, NothingToSend
from cartero.mailings.models import Delivery
from cartero.mailings.registering import Draft
from cartero.mailings.resending import NothingToResend
from cartero.mailings.selection import Selection
from cartero.mailings.states import DeliveryStatus, MailingKind, MailingStatus, Rehearsal
from cartero.platform import sql
from cartero.transport import allowance
from cartero.transport.allowance import Pace
from cartero.transport.replies import Pause
from tests.factories import make_account, make_company, make_invoice, make_party, make_user

pytestmark = pytest.mark.django_db
S = DeliveryStatus


@pytest.fixture
def company():
    return make_company()


@pytest.fixture
def account(company):
    return make_account(company, name="Facturas")


@pytest.fixture
def doubtful(company, account):
    """A mailing that has ended, with both of its mails in doubt."""
    for number in ("FE1", "FE2"):
        make_invoice(make_party(company, f"{number.lower()}@example.com"), number)
    draft = Draft(name="Julio", account=account, subject="Va", message_html="<p>Va</p>")
    ana = make_user(company)
    chosen = Selection(kind=MailingKind.COPY)
    mailing = registering.register(company, chosen, draft, by=ana, now=timezone.now())
    lifecycle.start(mailing, by=ana)
    Delivery.objects.update(status=S.IN_DOUBT)
    lifecycle.finish_if_done(mailing)
    return mailing


def told(*words):
    ran = CliRunner().invoke(commands.app, [*map(str, words), "--json"], catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return json.loads(ran.output)


def test_who_waits_is_told_why_in_vain(doubtful):
    assert told("wait", doubtful.pk)["status"] == MailingStatus.FINISHED
    told("settle", doubtful.pk, "--resend")
    ran = CliRunner().invoke(commands.app, ["wait", str(doubtful.pk), "--timeout", "0", "--json"])
    assert ran.exit_code == 1
    assert json.loads(ran.stdout)["status"] == MailingStatus.SENDING
    assert ran.stderr == f"El envío {doubtful.pk} no ha terminado: Enviando.\n"


def test_doubts_are_listed_with_their_documents(doubtful):
    listed = told("doubts", doubtful.pk)["doubts"]
    assert [(each["to"], each["documents"]) for each in listed] == [
        (["fe1@example.com"], ["FE1"]),
        (["fe2@example.com"], ["FE2"]),
    ]


def test_one_is_accepted_and_the_other_goes_again(doubtful):
    first, second = Delivery.objects.order_by("pk").values_list("pk", flat=True)
    assert told("settle", doubtful.pk, "--accepted", "--delivery", first) == {
        "id": doubtful.pk, "settled": 1, "status": MailingStatus.FINISHED, "in_doubt": 1,
    }  # fmt: skip
    assert told("settle", doubtful.pk, "--resend")["status"] == MailingStatus.SENDING
    assert dict(Delivery.objects.values_list("pk", "status")) == {first: S.ACCEPTED, second: S.PENDING}


def test_what_is_due_at_once_is_due_now(doubtful):
    told("settle", doubtful.pk, "--resend")
    due = datetime.fromisoformat(told("show", doubtful.pk)["next_due"])
    assert abs(timezone.now() - due) < timedelta(minutes=1)


def test_what_stands_still_says_why_and_until_when(doubtful):
    told("settle", doubtful.pk, "--resend")
    lifecycle.stop(doubtful, None, reason="login_refused", reply="535 5.7.8 no")
    facts = told("show", doubtful.pk)
    assert facts["standstill"] == {
        "words": "La cuenta rechazó el usuario o la contraseña.", "reply": "535 5.7.8 no", "until": None,
    }  # fmt: skip
    assert facts["next_due"] is None
    shown = CliRunner().invoke(commands.app, ["show", str(doubtful.pk)]).stdout
    assert "La cuenta rechazó el usuario o la contraseña. El servidor dijo: 535 5.7.8 no.\n" in shown


def test_what_waits_for_its_account_says_until_when(doubtful):
    told("settle", doubtful.pk, "--resend")
    allowance.pause(doubtful.account_id, Pause(reason="server_busy"), "451 later", Pace(connections=1, per_minute=1))
    facts = told("show", doubtful.pk)
    assert facts["standstill"]["reply"] == "451 later"
    assert datetime.fromisoformat(facts["next_due"]) > timezone.now()
    assert facts["next_due"] == facts["standstill"]["until"]
    assert "El servidor pide esperar." in CliRunner().invoke(commands.app, ["show", str(doubtful.pk)]).stdout


def test_nothing_in_doubt_is_no_success(doubtful):
    told("settle", doubtful.pk, "--accepted")
    with pytest.raises(NothingInDoubt):
        told("settle", doubtful.pk, "--accepted")


@pytest.fixture
def in_hand(company, account):
    """A mailing of two mails, of which a worker has one in hand for its Ensayo."""
    for number in ("FE1", "FE2"):
        make_invoice(make_party(company, f"{number.lower()}@example.com"), number)
    draft = Draft(name="Julio", account=account, subject="Va", message_html="<p>Va</p>")
    chosen = Selection(kind=MailingKind.COPY)
    mailing = registering.register(company, chosen, draft, by=make_user(company), now=timezone.now())
    first = mailing.deliveries.order_by("pk")[0]
    mailing.deliveries.filter(pk=first.pk).update(rehearsal=Rehearsal.RUNNING, rehearsal_at=timezone.now())
    return first


@pytest.mark.django_db(transaction=True)
def test_check_answers_when_all_of_the_ensayo_is_written(in_hand):
    def check():
        try:
            return told("check", in_hand.mailing_id)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as another:
        found = another.submit(check)
        with pytest.raises(TimeoutError):
            found.result(timeout=2)
        facts = {"ids": [in_hand.pk], "reasons": ["file_lost"], "details": ["FE1.xml"], "sizes": [None]}
        sql.changed("cartero.mailings", "rehearsed", mailing=in_hand.mailing_id, **facts)
        assert [problem["id"] for problem in found.result(timeout=60)["problems"]] == [in_hand.pk]
        assert found.result()["checked"] == 2


def test_check_does_not_wait_for_ever(in_hand):
    ran = CliRunner().invoke(commands.app, ["check", str(in_hand.mailing_id), "--timeout", "0", "--json"])
    assert ran.exit_code == 1
    assert json.loads(ran.stdout)["checked"] == 1
    assert ran.stderr == f"El Ensayo del envío {in_hand.mailing_id} no ha terminado.\n"


@pytest.mark.parametrize("options", [[], ["--resend", "--accepted"]])
def test_it_wants_one_of_both_words(doubtful, options):
    assert CliRunner().invoke(commands.app, ["settle", str(doubtful.pk), *options]).exit_code == 2
    assert set(Delivery.objects.values_list("status", flat=True)) == {S.IN_DOUBT}


def test_verify_says_what_is_not_as_it_was(doubtful):
    Delivery.objects.filter(to=["fe1@example.com"]).update(status=S.ACCEPTED, accepted_at=timezone.now())
    ran = CliRunner().invoke(commands.app, ["verify", str(doubtful.pk)])
    assert ran.exit_code == 1
    assert "FE1  El registro de lo que salió: De este correo no quedó registro" in ran.output
    assert ran.output.endswith("Correos que no son iguales: 1.\n")


def test_verify_of_nothing_sent_is_whole(doubtful):
    found = told("verify", doubtful.pk)
    assert (found["verified"], found["different"]) == (0, [])


def test_attest_writes_the_pdf(doubtful, tmp_path):
    Delivery.objects.update(status=S.ACCEPTED, accepted_at=timezone.now())
    file = tmp_path / "constancia.pdf"
    found = told("attest", doubtful.pk, "--output", file)
    assert (found["number"], found["mails"]) == (1, 2)
    assert found["sha256"] == sha256(file.read_bytes()).hexdigest()
    assert found["link"].startswith("http://127.0.0.1:8000/constancia/")


def test_a_mailing_in_parts_tells_how_it_stands(company, account):
    for number in ("FE1", "FE2", "FE3"):
        make_invoice(make_party(company, f"{number.lower()}@example.com"), number)
    words = ("register", "--company", company.tax_id, "--kind", "copy", "--subject", "Va")
    parts = ("--batch-size", 2, "--batch-wait-minutes", 15, "--batch-then", "go-on")
    assert told(*words, *parts)["batch"] == {
        "number": 1, "total": 2, "mails": 2, "returned": 0, "waits_until": None,
        "size": 2, "wait_minutes": 15, "then": "go-on",
    }  # fmt: skip
    assert "batch" not in told(*words)


def test_resend_registers_another_mailing(doubtful):
    Delivery.objects.update(status=S.BOUNCED, accepted_at=timezone.now())
    one = Delivery.objects.order_by("pk")[0]
    found = told("resend", doubtful.pk, "--delivery", one.pk)
    assert (found["status"], found["deliveries"]) == ("registered", 1)
    assert Delivery.objects.get(mailing=found["id"]).resend_of == one
    assert told("resend", doubtful.pk, "--failed")["left_out"] == 1  # the first waits already
    Delivery.objects.filter(mailing=doubtful).update(status=S.ACCEPTED)
    with pytest.raises(NothingToResend):
        told("resend", doubtful.pk, "--not-seen-days", 1)
    with pytest.raises(NothingToSend):
        told("resend", doubtful.pk, "--not-seen-days", 0)


@pytest.mark.parametrize("words", [[], ["--failed", "--not-seen-days", "1"], ["--delivery", "1", "--failed"]])
def test_resend_takes_one_way(doubtful, words):
    assert CliRunner().invoke(commands.app, ["resend", str(doubtful.pk), *words]).exit_code == 2


def test_the_same_goes_again_where_it_is_asked_for(doubtful):
    Delivery.objects.update(status=S.ACCEPTED, accepted_at=timezone.now())
    assert told("resend", doubtful.pk, "--not-seen-days", 0, "--again")["deliveries"] == 2


def test_verify_finds_one_byte_of_a_stored_file(doubtful):
    invoice = Invoice.objects.get(number="FE1")
    content = b"<Invoice>FE1</Invoice>"
    sha = storing.keep(invoice.company_id, content)
    InvoiceFile.objects.create(
        company=invoice.company, invoice=invoice, role=FileRole.XML, name="FE1.xml", media_type="application/xml",
        sha256=sha, size=len(content),
    )  # fmt: skip
    Delivery.objects.update(status=S.ACCEPTED, accepted_at=timezone.now())
    assert "stored_file" not in [each["what"] for each in differing(doubtful)]
    file = Path(settings.FILES) / str(invoice.company_id) / sha[:2] / sha
    file.write_bytes(content.replace(b"FE1<", b"FE2<"))
    (found,) = [each for each in differing(doubtful) if each["what"] == "stored_file"]
    assert (found["name"], found["expected"]) == ("FE1.xml", sha)
    assert found["found"] == sha256(file.read_bytes()).hexdigest()


def differing(mailing):
    """What `verify` says in JSON; it ends with 1."""
    ran = CliRunner().invoke(commands.app, ["verify", str(mailing.pk), "--json"])
    assert ran.exit_code == 1
    return [difference for each in json.loads(ran.stdout)["different"] for difference in each["differences"]]
