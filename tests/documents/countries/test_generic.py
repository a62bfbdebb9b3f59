from cartero.documents import countries
from cartero.invoices.data import PartyData
from tests.documents.samples import INVOICE, QR, invoice


def test_a_country_without_rules_of_its_own():
    country = countries.of("generic")
    assert country.grouping
    assert country.size_limit is None
    assert country.subject(INVOICE, "Arriendos") == ""
    assert country.identity(PartyData(tax_id="J-123", name="")) == "Identificación J-123"
    assert country.unit("HUR") == "HUR"


def test_its_paper_is_plain():
    paper = countries.of("generic").paper(INVOICE)
    assert (paper.title, paper.buyer, paper.fiscal, paper.facts) == ("Factura", "Cliente", (), ())
    assert paper.qr == QR
    assert countries.of("generic").paper(invoice(qr="0" * 3000)).qr == ""
