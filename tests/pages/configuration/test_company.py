from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from cartero.companies import inviting
from cartero.companies.models import AuditEntry, Membership
from cartero.companies.roles import Role
from cartero.invoices import storing
from cartero.mailings.models import MessageTemplate
from tests.factories import make_account
from tests.pages import browsing

pytestmark = pytest.mark.django_db
PATH = "/configuracion/empresa/"
HOSTILE = "<script>alert(1)</script>\r\nBcc: x@y.co"


def fields(**changed):
    return {
        "name": "Valle Verde S.A.S.",
        "trade_name": "Valle Verde",
        "address": "Calle 10 # 43-12",
        "city": "Medellín",
        "phone": "604 322 10 00",
        "email": "facturas@valle.example.co",
        "country": "co",
        "timezone": "America/Bogota",
        "color": "#112233",
    } | changed


def png(size=(300, 100)):
    written = BytesIO()
    Image.new("RGB", size, "red").save(written, "PNG")
    return SimpleUploadedFile("logo.png", written.getvalue())


def test_what_she_writes_is_kept(client, people):
    client.force_login(people.ana)
    assert client.get(PATH).status_code == 200
    answer = client.post(PATH, fields())
    assert answer.url == PATH
    people.company.refresh_from_db()
    assert (people.company.trade_name, people.company.color) == ("Valle Verde", "#112233")
    assert AuditEntry.objects.get(verb="change").facts["now"]["color"] == "#112233"


def test_the_number_of_the_company_is_not_hers_to_change(client, people):
    client.force_login(people.ana)
    client.post(PATH, fields(tax_id="1", is_demo="on", logo_sha256="a" * 64))
    before = people.company.tax_id
    people.company.refresh_from_db()
    assert (people.company.tax_id, people.company.is_demo, people.company.logo_sha256) == (before, False, "")


def test_a_logo_is_kept_as_png_and_shown(client, people):
    client.force_login(people.ana)
    client.post(PATH, fields(logo=png()))
    people.company.refresh_from_db()
    kept = storing.read(people.company.pk, people.company.logo_sha256)
    assert kept.startswith(b"\x89PNG")
    assert client.get(f"{PATH}logo.png").content == kept
    client.post(PATH, fields(remove_logo="on"))
    assert client.get(f"{PATH}logo.png").status_code == 404


WRONG = [
    ({"name": ""}, "obligatorio"),
    ({"email": "sin arroba"}, "arroba"),
    ({"color": "red"}, "Escriba el color así"),
    ({"timezone": "Marte"}, "Marte"),
    ({"logo": SimpleUploadedFile("logo.png", b"GIF89a")}, "Use PNG o JPG"),
    ({"logo": SimpleUploadedFile("logo.png", b"\x89PNG\r\n\x1a\n" + b"0" * 3_000_000)}, "el máximo es 2 MB"),
]


@pytest.mark.parametrize(("changed", "words"), WRONG)
def test_what_is_wrong_is_said_and_nothing_is_lost(client, people, changed, words):
    client.force_login(people.ana)
    answer = client.post(PATH, fields(**changed))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Calle 10 # 43-12" in page
    people.company.refresh_from_db()
    assert people.company.trade_name == ""


def test_hostile_text_stays_text_on_one_line(client, people):
    client.force_login(people.ana)
    client.post(PATH, fields(name=HOSTILE, trade_name=HOSTILE, city=HOSTILE))
    people.company.refresh_from_db()
    assert people.company.name == "<script>alert(1)</script> Bcc: x@y.co"
    for path in (PATH, f"{PATH}correo/"):
        assert "<script>alert" not in client.get(path).content.decode()
    assert client.get(f"{PATH}factura.pdf").content.startswith(b"%PDF-")


def test_the_mail_may_be_framed_and_runs_nothing(client, people):
    client.force_login(people.ana)
    answer = client.get(f"{PATH}correo/")
    policy = answer["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "Inmobiliaria Los Cerezos" in answer.content.decode()


@pytest.mark.parametrize("path", ["", "correo/", "factura.pdf"])
def test_who_only_reads_does_not_configure(client, people, path):
    client.force_login(people.bruno)
    assert client.get(f"{PATH}{path}").status_code == 403
    assert client.post(PATH, fields()).status_code == 403


def test_the_pages_of_configuration_are_whole(server, chromium, signed_in, people):
    company = people.company
    account = make_account(company, name="Facturación", per_day=10_000, per_minute=120)
    make_account(company, name="Cartera", stopped_reason="login_refused", stopped_reply="535 5.7.8 Bad credentials")
    make_account(company, name="Pausada", paused_until=timezone.now() + timedelta(hours=2))
    template = MessageTemplate.objects.create(
        company=company, name="Mensual", kind="copy", subject="Julio", message_html="<p>Hola, {{ tercero.nombre }}</p>"
    )
    token = inviting.invite(company, "nora@valle.example.co", Role.SENDER, people.ana, name="Nora Niño").token
    member = Membership.objects.get(user=people.bruno)
    accounts = ["", "nueva/", "nueva/?proveedor=gmail", f"{account.pk}/", f"{account.pk}/probar/"]
    users = ["", f"{member.pk}/quitar/", f"invitacion/{token}/"]
    paths = [PATH, "/configuracion/actividad/", "/configuracion/plantillas/"]
    paths += [f"/configuracion/plantillas/{template.pk}/"]
    paths += [f"/configuracion/cuentas/{path}" for path in accounts]
    paths += [f"/configuracion/usuarios/{path}" for path in users]
    with browsing.window(chromium, signed_in(people.ana, server)) as window:
        page = window.new_page()
        for path in paths:
            browsing.check(page, server + path)
