import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from cartero.importing import intake
from cartero.importing.models import Conflict, Import, ImportStatus
from tests.importing.ubl_documents import delivery, zipped
from tests.pages import browsing

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "upload"}


def upload(client, *files, **how):
    return client.post("/importar/subir/", {"uploads": list(files)}, **how)


def a_zip(name="julio.zip"):
    return SimpleUploadedFile(name, zipped(delivery("FE10")))


def test_files_come_in_and_lead_to_what_becomes_of_them(client, people):
    client.force_login(people.ana)
    answer = upload(client, a_zip(), SimpleUploadedFile("t.csv", b"NIT;Nombre;Correo\n"))
    source = Import.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/importar/{source.pk}/")
    assert (source.names, source.by, source.status) == (["julio.zip", "t.csv"], people.ana, ImportStatus.RECEIVED)
    with intake.received(source) as files:
        assert [path.exists() for path in files.values()] == [True, True]


def test_with_htmx_the_browser_is_led_there(client, people):
    client.force_login(people.ana)
    answer = upload(client, a_zip(), headers=HTMX)
    assert answer["HX-Redirect"] == f"/importar/{Import.objects.get().pk}/"


def test_two_files_of_one_name_both_come_in(client, people):
    client.force_login(people.ana)
    upload(client, a_zip("a.zip"), a_zip("a.zip"), a_zip("a (2).zip"))
    assert Import.objects.get().names == ["a.zip", "a (2).zip", "a (2) (2).zip"]


def test_names_are_bare(client, people):
    client.force_login(people.ana)
    upload(client, SimpleUploadedFile("../../<script>alert(1)</script>.zip", b"x"))
    page = client.get("/importar/").content.decode()
    assert "<script>alert" not in page
    assert "/" not in Import.objects.get().names[0]


def test_nothing_chosen_is_said_in_the_form(client, people):
    client.force_login(people.ana)
    plain, htmx = upload(client), upload(client, headers=HTMX)
    assert (plain.status_code, htmx.status_code) == (422, 422)
    assert "No llegó ningún archivo" in plain.content.decode()
    assert htmx.content.decode().lstrip().startswith('<div id="upload">')
    assert not Import.objects.exists()


@pytest.mark.parametrize("count", [21, 150])
def test_more_files_than_allowed_are_refused_in_words(client, people, count):
    client.force_login(people.ana)
    answer = upload(client, *(SimpleUploadedFile(f"{n}.xml", b"<x/>") for n in range(count)))
    assert answer.status_code == 422
    assert "más de 20 archivos" in answer.content.decode()
    assert not Import.objects.exists()


def test_ten_that_wait_are_enough(client, people):
    for _n in range(10):
        Import.objects.create(company=people.company)
    client.force_login(people.ana)
    answer = upload(client, a_zip(), headers=HTMX)
    assert answer.status_code == 409
    assert "10 importaciones" in answer.content.decode()
    assert Import.objects.count() == 10


def test_a_form_of_elsewhere_is_refused(people):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people.ana)
    assert upload(strict, a_zip()).status_code == 403
    page = strict.get("/importar/")
    token = page.context["csrf_token"]
    assert strict.post("/importar/subir/", {"csrfmiddlewaretoken": token, "uploads": a_zip()}).status_code == 302


def test_who_only_reads_sees_the_list_and_brings_nothing_in(client, people):
    client.force_login(people.bruno)
    assert "data-upload" not in client.get("/importar/").content.decode()
    assert upload(client, a_zip()).status_code == 403
    assert not Import.objects.exists()


def test_a_stranger_sees_none_of_it(client, people, receive):
    receive({"secreto.zip": zipped(delivery("FE10"))})
    client.force_login(people.carla)
    assert "secreto.zip" not in client.get("/importar/").content.decode()


def test_the_list_says_how_many_came_in(client, people, receive, django_assert_max_num_queries):
    receive({"uno.zip": zipped(delivery("FE10") | {"malo.xml": b"<x/>"})})
    client.force_login(people.bruno)
    with django_assert_max_num_queries(12):
        answer = client.get("/importar/")
    (line,) = answer.context["lines"]
    assert (line.came_in, line.conflicts, line.refused) == (1, 0, 1)


def test_asked_for_by_hand_the_upload_leads_to_the_form(client, people):
    client.force_login(people.ana)
    assert client.get("/importar/subir/").url == reverse("imports")


def test_the_pages_of_importing_are_whole(server, chromium, signed_in, people, receive):
    files = delivery("FE10") | {"un nombre de archivo muy largo que no cabe en ninguna parte de la tabla.xml": b"<x/>"}
    done = receive({"uno.zip": zipped(files)})
    total = '<cbc:PayableAmount currencyID="COP">120000.00</cbc:PayableAmount>'
    receive({"dos.zip": zipped(delivery("FE10", totals=total))})
    asked = receive({"raro.csv": "Ref;Quién;Nombre;Plata;Día\nFE1;900511204;Los Cerezos;1250000,50;2026-07-01\n"})
    doubt = receive({"duda.csv": "Factura;NIT;Cliente;Total;Fecha\nFE1;900511204;Los Cerezos;1.250;2026-07-01\n"})
    reading = Import.objects.create(company=people.company, names=["x.zip"], status=ImportStatus.READING, read=3200)
    imports = [f"{done.pk}/", f"{reading.pk}/", f"{asked.pk}/columnas/", f"{doubt.pk}/columnas/"]
    conflicts = ["conflictos/", f"conflictos/{Conflict.objects.get().pk}/"]
    paths = [f"/importar/{path}" for path in ("", *imports, *conflicts)]
    with browsing.window(chromium, signed_in(people.ana, server)) as window:
        page = window.new_page()
        for path in paths:
            browsing.check(page, server + path)


def test_in_a_browser_the_page_follows_the_files_to_their_result(server, chromium, signed_in, people):
    with browsing.window(chromium, signed_in(people.ana, server)) as window:
        page = window.new_page()
        page.goto(f"{server}/importar/")
        page.locator("input[type=file]").set_input_files(
            [{"name": f"{n}.xml", "mimeType": "text/xml", "buffer": b"<x/>"} for n in range(21)]
        )
        expect(page.locator("[data-limits]")).to_have_text(
            "Son 21 archivos; el máximo es 20 de una vez. Júntelos en un ZIP."
        )
        files = [{"name": "julio.zip", "mimeType": "application/zip", "buffer": zipped(delivery("FE10"))}]
        page.locator("input[type=file]").set_input_files(files)
        expect(page.locator("[data-limits]")).to_be_hidden()
        page.get_by_role("button", name="Importar").click()
        page.wait_for_url("**/importar/*/")
        expect(page.get_by_text("En un momento empieza la lectura")).to_be_visible()
        intake.run(Import.objects.get().pk)
        expect(page.get_by_role("link", name="FE10")).to_be_visible()
