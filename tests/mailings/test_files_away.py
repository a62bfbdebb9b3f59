"""Stored files are out of reach for a while: what needs them waits, nothing fails, nothing goes twice."""

import os
from collections.abc import Callable

import pytest
from django.conf import settings

from cartero.invoices import storing
from cartero.invoices.models import InvoiceFile
from cartero.invoices.states import FileRole
from cartero.mailings import lifecycle, upkeep, verifying
from cartero.mailings.models import Mailing
from cartero.mailings.states import MailingStatus
from cartero.platform.storage import StorageAway
from tests.factories import make_invoice, make_party
from tests.importing.ubl_documents import pdf

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES = str(tmp_path / "files")


@pytest.fixture
def with_files(company, register) -> Callable[[], Mailing]:
    """A mailing whose two documents came with their PDF."""

    def make() -> Mailing:
        for number in ("FE1", "FE2"):
            invoice, content = (
                make_invoice(make_party(company, f"{number}@example.com"), number),
                pdf() + number.encode(),
            )
            InvoiceFile.objects.create(
                company=company, invoice=invoice, role=FileRole.PDF, name=f"{number}.pdf",
                media_type="application/pdf", sha256=storing.keep(company.pk, content), size=len(content),
            )  # fmt: skip
        return register()

    return make


def unmount() -> None:
    os.rename(settings.FILES, f"{settings.FILES}-elsewhere")
    os.mkdir(settings.FILES)


def mount() -> None:
    os.rmdir(settings.FILES)
    os.rename(f"{settings.FILES}-elsewhere", settings.FILES)


def move_on(mailing: Mailing, send_all: Callable[[Mailing], None]) -> None:
    """As if the seconds between two looks were over."""
    Mailing.objects.filter(pk=mailing.pk).update(resume_at="2020-01-01T00:00Z")
    upkeep.go_on_with_files()
    send_all(mailing)


def test_a_sending_waits_and_goes_on_by_itself(with_files, ana, smtp_server, send_all, counted):
    mailing = with_files()
    unmount()
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    assert (mailing.status, mailing.status_reason) == (MailingStatus.STOPPED, lifecycle.FILES_AWAY)
    assert mailing.status_reply.startswith("No se encuentra dónde se guardan los archivos")
    assert (counted(mailing), smtp_server.mails) == ({"pending": 2}, [])
    move_on(mailing, send_all)
    assert mailing.status == MailingStatus.STOPPED
    assert mailing.resume_at.year > 2020  # the next look
    mount()
    move_on(mailing, send_all)
    assert mailing.status == MailingStatus.FINISHED
    assert smtp_server.count_by_recipient() == {"FE1@example.com": 1, "FE2@example.com": 1}


def test_one_file_that_is_not_there_fails_alone(with_files, ana, smtp_server, send_all, counted):
    mailing = with_files()
    gone = InvoiceFile.objects.order_by("pk")[0]
    storing.drop(gone.company_id, gone.sha256)
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    assert counted(mailing) == {"accepted": 1, "failed": 1}


def test_an_ensayo_blames_no_mail(with_files, rehearse_all):
    mailing = with_files()
    unmount()
    rehearse_all(mailing)
    assert mailing.rehearsal != "problem"
    mount()
    rehearse_all(mailing)
    assert mailing.rehearsal == "ok"


def test_what_cannot_be_read_is_not_called_changed(with_files, ana, send_all):
    mailing = with_files()
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    unmount()
    with pytest.raises(StorageAway):
        list(verifying.verify(mailing))
    mount()
    assert [each.differences for each in verifying.verify(mailing)] == [(), ()]
