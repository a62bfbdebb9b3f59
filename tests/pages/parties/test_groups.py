import pytest

from cartero.parties import sizes
from cartero.parties.models import Group, GroupKind
from tests.factories import make_company, make_group, make_party

pytestmark = pytest.mark.django_db


def test_made_renamed_and_counted(enter, bruno, company):
    client = enter(bruno)
    client.post("/terceros/grupos/nuevo/", {"name": "  Propietarios "})
    client.post("/terceros/zonas/nueva/", {"name": "Torre\x07\r\n2"})
    group, zone = Group.objects.of(company).order_by("pk")
    assert (group.name, group.kind) == ("Propietarios", GroupKind.GROUP)
    assert (zone.name, zone.kind) == ("Torre 2", GroupKind.ZONE)
    client.post(f"/terceros/grupos/{group.pk}/", {"name": "Dueños"})
    page = client.get("/terceros/grupos/").content.decode()
    assert "Dueños" in page
    assert "0 terceros" in page
    assert f'href="/terceros/?grupo={group.pk}"' in page
    assert f'href="/terceros/?zona={zone.pk}"' in page
    assert 'value="Dueños"' in client.get(f"/terceros/grupos/?editar={group.pk}").content.decode()


@pytest.mark.parametrize(("name", "why"), [("", "Escriba un nombre."), ("propietarios", "Ya existe «propietarios».")])
def test_what_is_refused_stays(name, why, enter, bruno, company):
    make_group(company, name="Propietarios")
    other = make_group(company, name="Otro")
    for path in ("/terceros/grupos/nuevo/", f"/terceros/grupos/{other.pk}/"):
        answer = enter(bruno).post(path, {"name": name})
        assert answer.status_code == 422
        assert why in answer.content.decode()
    assert Group.objects.count() == 2


def test_deleting_asks_first(enter, bruno, company):
    group = make_group(company, make_party(company), make_party(company))
    client = enter(bruno)
    page = client.get(f"/terceros/grupos/{group.pk}/borrar/").content.decode()
    assert "¿Borrar «Inquilinos»?" in page
    assert "2 terceros dejan de estar en él" in page
    dialog = client.get(
        f"/terceros/grupos/{group.pk}/borrar/", headers={"HX-Request": "true", "HX-Target": "dialog"}
    ).content.decode()
    assert "<html" not in dialog
    assert "<dialog" in dialog
    client.post(f"/terceros/grupos/{group.pk}/borrar/")
    assert not Group.objects.exists()


def test_in_and_out_and_back(enter, bruno, company):
    party, group = make_party(company), make_group(company)
    client = enter(bruno)
    client.post(f"/terceros/{party.pk}/grupos/", {"group": group.pk})
    assert party.groups.get() == group
    page = client.post(f"/terceros/{party.pk}/grupos/{group.pk}/quitar/", follow=True).content.decode()
    assert not party.groups.exists()
    assert f'action="/terceros/{party.pk}/grupos/{group.pk}/"' in page
    client.post(f"/terceros/{party.pk}/grupos/{group.pk}/")
    assert party.groups.exists()


def test_who_may_not(enter, reader, bruno, carla, company):
    party, group = make_party(company), make_group(company)
    foreign = make_group(make_company())
    for path in ("nuevo/", f"{group.pk}/", f"{group.pk}/borrar/"):
        assert enter(reader).post(f"/terceros/grupos/{path}", {"name": "x"}).status_code == 403
    for path in (f"{group.pk}/", f"{group.pk}/borrar/"):
        assert enter(carla).post(f"/terceros/grupos/{path}", {"name": "x"}).status_code == 404
    for asked in (foreign.pk, "", "x", 0):
        assert enter(bruno).post(f"/terceros/{party.pk}/grupos/", {"group": asked}).status_code == 404
    assert enter(carla).post(f"/terceros/{party.pk}/grupos/{group.pk}/quitar/").status_code == 404
    page = enter(reader).get(f"/terceros/grupos/?editar={group.pk}").content.decode()
    assert "Inquilinos" in page
    assert "<input" not in page.split('id="contenido"')[1]


def test_no_more_of_a_group_are_counted_than_asked(enter, bruno, company):
    parties = [make_party(company) for _n in range(3)]
    small, large = make_group(company, parties[0], name="Pocos"), make_group(company, *parties, name="Muchos")
    assert sizes.of_groups(company, 2) == {small.pk: 1, large.pk: 2}, "counted up to two"
    page = enter(bruno).get("/terceros/grupos/").content.decode()
    assert "1 tercero<" in page
    assert "3 terceros<" in page
