"""`cartero mailing …`, for programs."""

import json

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from cartero.cli import mailing as commands
from cartero.mailings import lifecycle, registering
from cartero.mailings.errors import NothingInDoubt
from cartero.mailings.models import Delivery
from cartero.mailings.registering import Draft
from cartero.mailings.selection import Selection
from cartero.mailings.states import DeliveryStatus, MailingKind, MailingStatus
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


def test_nothing_in_doubt_is_no_success(doubtful):
    told("settle", doubtful.pk, "--accepted")
    with pytest.raises(NothingInDoubt):
        told("settle", doubtful.pk, "--accepted")


@pytest.mark.parametrize("options", [[], ["--resend", "--accepted"]])
def test_it_wants_one_of_both_words(doubtful, options):
    assert CliRunner().invoke(commands.app, ["settle", str(doubtful.pk), *options]).exit_code == 2
    assert set(Delivery.objects.values_list("status", flat=True)) == {S.IN_DOUBT}
