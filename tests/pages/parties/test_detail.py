import pytest

from cartero.mailings.models import Delivery, Mailing
from cartero.mailings.states import DeliveryStatus, MailingKind
from cartero.parties.models import FINAL_CONSUMER
from tests.factories import make_account, make_group, make_invoice, make_party

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


def test_the_whole_of_a_tercero(enter, ana, company):
    party = make_party(
        company,
        "cartera@loscerezos.example.co",
        name="Los Cerezos S.A.S.",
        tax_id="901458237",
        check_digit="3",
        city="Medellín",
    )
    make_group(company, party, name="Propietarios")
    make_invoice(party, "FE1")
    mailing = Mailing.objects.create(
        company=company, number=47, name="Julio", kind=MailingKind.COPY, account=make_account(company)
    )
    Delivery.objects.create(
        company=company, mailing=mailing, party=party, status=DeliveryStatus.FAILED, reason="no_mailbox"
    )
    page = enter(ana).get(f"/terceros/{party.pk}/").content.decode()
    for text in (
        "901.458.237-3",
        "Medellín",
        "cartera@loscerezos.example.co",
        "Propietarios",
        "FE1",
        "Envío 47",
        "El buzón no existe.",
        "XML y PDF en un ZIP",
        "saldo $ 119.000,00",
    ):
        assert text in page
    assert "/envios/registrar/?q=901458237&amp;periodo=" in page


def test_a_reader_sees_and_changes_nothing(enter, reader, company):
    party = make_party(company, name=HOSTILE)
    make_group(company)
    page = enter(reader).get(f"/terceros/{party.pk}/").content.decode()
    assert "&lt;script&gt;" in page
    assert HOSTILE not in page
    assert '<form method="post" action="/terceros' not in page
    assert "Agregar" not in page
    assert "editar" not in page


def test_the_final_consumer_has_no_addresses(enter, ana, company):
    party = make_party(company, email=None, tax_id=FINAL_CONSUMER)
    page = enter(ana).get(f"/terceros/{party.pk}/").content.decode()
    assert "a cada factura se le envía al correo que ella trae" in page
    assert "Agregar un correo" not in page


def test_of_another_company_it_is_not_there(enter, carla, company):
    party = make_party(company)
    assert enter(carla).get(f"/terceros/{party.pk}/").status_code == 404
    assert enter(carla).get("/terceros/99999999999999999999/").status_code == 404


def test_queries_do_not_grow(enter, ana, company, django_assert_max_num_queries):
    party = make_party(company)
    for _n in range(15):
        make_invoice(party)
    client = enter(ana)
    client.get(f"/terceros/{party.pk}/")
    with django_assert_max_num_queries(20):
        client.get(f"/terceros/{party.pk}/")
