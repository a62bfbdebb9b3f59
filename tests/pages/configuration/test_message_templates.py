import pytest

from cartero.mailings.models import MessageTemplate

pytestmark = pytest.mark.django_db
PATH = "/configuracion/plantillas/"


def fields(**changed):
    return {
        "name": "Recordatorio",
        "kind": "copy",
        "subject": "Recordatorio de {{ factura.numero }}",
        "message_html": "<p>Buenos días, {{ tercero.nombre }}</p>",
    } | changed


@pytest.fixture
def template(people):
    return MessageTemplate.objects.create(
        company=people.company,
        name="Mensual",
        kind="copy",
        subject="Julio",
        message_html="<p>Hola, {{ tercero.nombre }}</p>",
    )


def test_a_template_is_made_and_changed(client, preparer):
    client.force_login(preparer)
    assert client.get(f"{PATH}nueva/").status_code == 200
    client.post(f"{PATH}nueva/", fields())
    template = MessageTemplate.objects.get()
    answer = client.post(f"{PATH}{template.pk}/", fields(name="Otro nombre"))
    assert answer.url == f"{PATH}{template.pk}/"
    template.refresh_from_db()
    assert template.name == "Otro nombre"


WRONG = [
    ({"message_html": "<p>{{ factura.nro }}</p>"}, "factura.nro"),
    ({"subject": "{{ settings.SECRET_KEY }}"}, "settings.SECRET_KEY"),
    ({"message_html": ""}, "obligatorio"),
    ({"subject": ""}, "Escriba un asunto"),
    ({"name": "Mensual"}, "Ya hay una plantilla llamada"),
    ({"kind": "otra"}, "otra"),
]


@pytest.mark.parametrize(("changed", "words"), WRONG)
def test_what_is_wrong_is_said_and_what_she_wrote_stays(client, preparer, template, changed, words):
    client.force_login(preparer)
    answer = client.post(f"{PATH}nueva/", fields(**changed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Buenos días" in answer.content.decode() or "message_html" in changed
    assert MessageTemplate.objects.count() == 1


def test_a_legal_delivery_needs_no_subject(client, preparer):
    client.force_login(preparer)
    client.post(f"{PATH}nueva/", fields(kind="delivery", subject=""))
    assert MessageTemplate.objects.get().kind == "delivery"


def test_what_could_run_is_not_kept(client, preparer):
    client.force_login(preparer)
    client.post(f"{PATH}nueva/", fields(message_html='<p onclick="x()">Hola<script>alert(1)</script></p>'))
    assert MessageTemplate.objects.get().message_html == "<p>Hola</p>"


@pytest.mark.parametrize("kind", ["copy", "delivery"])
def test_the_preview_is_the_mail_with_an_invented_invoice(client, preparer, template, kind):
    MessageTemplate.objects.update(kind=kind)
    client.force_login(preparer)
    answer = client.get(f"{PATH}{template.pk}/correo/")
    assert "Hola, Inmobiliaria Los Cerezos S.A.S." in answer.content.decode()
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_copy_gets_a_name_of_its_own(client, preparer, template):
    client.force_login(preparer)
    for _n in range(2):
        client.post(f"{PATH}{template.pk}/duplicar/")
    names = MessageTemplate.objects.order_by("pk").values_list("name", flat=True)
    assert list(names) == ["Mensual", "Mensual (copia)", "Mensual (copia 2)"]


def test_one_that_was_deleted_can_be_brought_back(client, preparer, template):
    client.force_login(preparer)
    page = client.post(f"{PATH}{template.pk}/borrar/", follow=True).content.decode()
    assert not MessageTemplate.objects.exists()
    assert f'action="{PATH}{template.pk}/deshacer/"' in page
    client.post(f"{PATH}{template.pk}/deshacer/")
    back = MessageTemplate.objects.get()
    assert (back.name, back.message_html) == (template.name, template.message_html)
    assert client.post(f"{PATH}{template.pk}/deshacer/").status_code == 404


def test_nobody_brings_back_what_another_deleted(client, people, preparer, template):
    client.force_login(preparer)
    client.post(f"{PATH}{template.pk}/borrar/")
    client.force_login(people.carla)
    assert client.post(f"{PATH}{template.pk}/deshacer/").status_code == 404


def test_a_stranger_finds_none(client, people, template):
    client.force_login(people.carla)
    assert "Mensual" not in client.get(PATH).content.decode()
    for path in ("", "correo/"):
        assert client.get(f"{PATH}{template.pk}/{path}").status_code == 404
    for path in ("", "duplicar/", "borrar/"):
        assert client.post(f"{PATH}{template.pk}/{path}", fields()).status_code == 404
    assert MessageTemplate.objects.get().name == "Mensual"


def test_who_only_reads_is_kept_out(client, people, template):
    client.force_login(people.bruno)
    for path in ("", "nueva/", f"{template.pk}/"):
        assert client.get(f"{PATH}{path}").status_code == 403
