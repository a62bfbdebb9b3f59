import pytest

from cartero.companies.roles import Role
from cartero.mailings.models import Attestation, Delivery
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PATH = "/informes/constancias/"
HTMX = {"HX-Request": "true"}


def places(delivery):
    """Where the button stands, and where it leads."""
    invoice = delivery.invoices.get()
    return [
        (f"/facturas/{invoice.pk}/", f"{PATH}factura/{invoice.pk}/"),
        (f"/terceros/{delivery.party_id}/", f"{PATH}tercero/{delivery.party_id}/"),
        (f"/envios/{delivery.mailing_id}/", f"{PATH}envio/{delivery.mailing_id}/"),
    ]


def test_one_is_issued_of_whatever_went(client, people, delivery):
    client.force_login(make_user(people.company, Role.PREPARER, name="Diana Díaz"))
    for number, (page, place) in enumerate(places(delivery), 1):
        assert f'href="{place}"' in client.get(page).text
        assert "Salió 1 correo" in client.get(place).text
        answer = client.post(f"{place}emitir/", {"part": ""})
        issued = Attestation.objects.get(number=number)
        assert answer.url == f"{PATH}{issued.pk}/"
        pdf = client.get(f"{PATH}{issued.pk}/pdf/?bajar=1")
        assert pdf.content.startswith(b"%PDF-")
        assert pdf.headers["Content-Disposition"] == f'attachment; filename="constancia-{number}.pdf"'
        assert issued.pdf_sha256 in client.get(answer.url).text
    assert "Constancia 3" in client.get(PATH).text


def test_it_is_in_the_trail(client, people, issued):
    client.force_login(people.ana)
    page = client.get("/configuracion/actividad/").text
    assert "Emitió la constancia de envío 1. Correos: 1." in page
    assert f'href="{PATH}{issued[0].pk}/"' in page


def test_with_htmx_the_page_follows(client, people, delivery):
    client.force_login(people.ana)
    answer = client.post(f"{PATH}envio/{delivery.mailing_id}/emitir/", headers=HTMX)
    assert answer.headers["HX-Redirect"] == f"{PATH}{Attestation.objects.get().pk}/"


def test_nothing_is_offered_where_nothing_went(client, people, delivery):
    Delivery.objects.update(accepted_at=None, status="failed")
    client.force_login(people.ana)
    for page, place in places(delivery):
        assert place not in client.get(page).text
        assert "Todavía no hay nada que certificar" in client.get(place).text
        client.post(f"{place}emitir/")
    assert not Attestation.objects.exists()


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"since": "31/12/2026", "until": "01/12/2026"}, "El último día es anterior al primero."),
        ({"since": "ayer"}, "Escriba el día así: 31/07/2026."),
    ],
)
def test_days_that_are_none_are_told(days, said, client, people, delivery):
    client.force_login(people.ana)
    answer = client.post(f"{PATH}tercero/{delivery.party_id}/emitir/", days)
    assert answer.status_code == 422
    assert said in answer.text
    assert not Attestation.objects.exists()


def test_who_reads_sees_them_and_issues_none(client, people, issued, delivery):
    client.force_login(people.bruno)
    place = f"{PATH}envio/{delivery.mailing_id}/"
    page = client.get(place).text
    assert "Constancia 1" in page
    assert "hace falta el rol «Prepara»" in page
    assert client.post(f"{place}emitir/").status_code == 403
    assert client.get(f"{PATH}{issued[0].pk}/pdf/").status_code == 200


def test_a_stranger_finds_nothing(client, people, issued, delivery):
    client.force_login(people.carla)
    pk = issued[0].pk
    for place in (f"{PATH}{pk}/", f"{PATH}{pk}/pdf/", *(place for _page, place in places(delivery))):
        assert client.get(place).status_code == 404
    assert client.post(f"{PATH}envio/{delivery.mailing_id}/emitir/").status_code == 404
    assert "Constancia 1" not in client.get(PATH).text
