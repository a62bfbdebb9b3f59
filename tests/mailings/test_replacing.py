import pytest

from cartero.invoices.models import Invoice
from cartero.mailings import lifecycle, replacing
from cartero.mailings.models import RenderedDocument
from cartero.mailings.replacing import DocumentOnItsWay
from tests.factories import make_invoice, make_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(company):
    return make_invoice(make_party(company), "FE1")


def test_no_mail_goes_with_a_pdf_drawn_before(invoice, register, ana):
    mailing = register()
    RenderedDocument.objects.create(company=invoice.company, mailing=mailing, invoice=invoice, sha256="a" * 64, size=1)
    content = invoice.content
    content.save(update_fields=["data"])
    assert RenderedDocument.objects.exists()
    content.data |= {"number": "FE2"}
    content.save(update_fields=["data"])
    assert not RenderedDocument.objects.exists()


def test_one_that_is_going_out_does_not_change(invoice, register, ana):
    mailing = register()
    lifecycle.start(mailing, by=ana)
    with pytest.raises(DocumentOnItsWay) as refused:
        replacing.make_way(invoice)
    assert f"envío {mailing.number}" in refused.value.user_text
    lifecycle.stop(mailing, by=ana)
    replacing.make_way(Invoice.objects.get())
