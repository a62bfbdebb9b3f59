"""Ana revokes the link that Luz got, and allows it again."""

import pytest
from django.urls import reverse

from cartero.companies.models import AuditEntry
from cartero.companies.roles import Role
from cartero.mailings import links
from cartero.pages.configuration import sentences
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def press(client, delivery, invoices):
    def press(who, verb="revoke", of="invoice", pk=None):
        client.force_login(who)
        pks = {"invoice": invoices[0].pk, "party": delivery.party_id, "mailing": delivery.mailing_id}
        return client.post(reverse(f"{verb}_{of}_link", args=[pk or pks[of], delivery.pk]), follow=True)

    return press


def test_a_revoked_link_looks_like_a_wrong_one_and_comes_back(press, luz, at, form, ana, delivery):
    def answers():
        sent = form()
        taken = luz.post(at("recipient_download", 1, "pdf"), sent), luz.post(at("recipient_answer", "conforme"), sent)
        test = links.token(links.key_of(delivery.company), delivery.pk, links.Purpose.TEST)
        looked = [luz.get(path) for path in (at(), at("recipient_pdf", 1), reverse("recipient", args=[test]))]
        return {(each.status_code, each.content) for each in (*taken, *looked)}

    wrong = luz.get("/v/nada/")
    page = press(ana).content.decode()
    assert answers() == {(404, wrong.content)}
    assert "Enlace revocado" in page
    assert f'<span class="timeline__detail">{ana}</span>' in page
    assert "Permitir de nuevo" in page
    assert not delivery.events.filter(kind__in=["opened", "viewed", "confirmed"]).exists()

    page = press(ana, "allow").content.decode()
    assert "Enlace permitido de nuevo" in page
    assert "Revocar el enlace" in page
    assert luz.get(at()).status_code == luz.get(at("recipient_pdf", 1)).status_code == 200


def test_the_link_to_unsubscribe_stays_good(press, luz, ana, delivery):
    press(ana)
    made = links.token(links.key_of(delivery.company), delivery.pk, links.Purpose.UNSUBSCRIBE)
    assert luz.get(reverse("unsubscribe", args=[made])).status_code == 200


def test_pressed_twice_it_is_told_once(press, ana, delivery):
    for verb in ("revoke", "revoke", "allow", "allow"):
        press(ana, verb)
    told = delivery.events.filter(kind__startswith="link_").order_by("pk")
    assert [event.kind for event in told] == ["link_revoked", "link_allowed"]
    entries = AuditEntry.objects.filter(noun="delivery", noun_id=delivery.pk, user=ana).order_by("pk")
    assert [sentences.told(entry, {}) for entry in entries] == [
        f"Revocó el enlace de un correo a {delivery.to[0]}.",
        f"Permitió de nuevo el enlace de un correo a {delivery.to[0]}.",
    ]


@pytest.mark.parametrize("of", ["invoice", "party", "mailing"])
@pytest.mark.parametrize("verb", ["revoke", "allow"])
def test_others_change_nothing(press, luz, at, ana, carla, company, mailing, parties, invoices, verb, of):
    strange = {"invoice": invoices[1].pk, "party": parties[1].pk, "mailing": mailing.pk + 1}
    if verb == "allow":
        press(ana)
    before = luz.get(at()).status_code
    reader = make_user(company, Role.READER)
    assert press(reader, verb, of).status_code == 403
    assert press(carla, verb, of).status_code == 404
    assert press(ana, verb, of, pk=strange[of]).status_code == 404  # not of that mail
    assert luz.get(at()).status_code == before


PLACES = {"invoice": "invoice", "party": "party_mails", "mailing": "recipients"}


@pytest.mark.parametrize("of", PLACES)
def test_it_is_asked_done_and_taken_back_where_she_is(press, client, luz, at, ana, delivery, invoices, of):
    pk = {"invoice": invoices[0].pk, "party": delivery.party_id, "mailing": delivery.mailing_id}[of]
    here, revoke, allow = (reverse(name, args=args) for name, args in (
        (PLACES[of], [pk]), (f"revoke_{of}_link", [pk, delivery.pk]), (f"allow_{of}_link", [pk, delivery.pk])
    ))  # fmt: skip
    client.force_login(ana)
    assert f'href="{revoke}"' in client.get(here).text
    asked = client.get(f"{revoke}?estado=enviados").text
    assert "¿Revocar el enlace del correo a Luz Marina Peña?" in asked
    assert f'action="{revoke}?estado=enviados"' in asked
    assert luz.get(at()).status_code == 200, "asking changes nothing"
    done = client.post(f"{revoke}?estado=enviados", follow=True)
    assert done.redirect_chain[0][0].startswith(f"{here}?estado=enviados#")
    assert luz.get(at()).status_code == 404
    assert f'action="{allow}?estado=enviados"' in done.text
    assert f'action="{allow}' in client.get(here).text
    client.post(allow)
    assert luz.get(at()).status_code == 200


def test_it_is_offered_to_whoever_prepares_where_there_are_links(client, company, ana, delivery, invoices):
    def offered(who):
        client.force_login(who)
        return "Revocar el enlace" in client.get(reverse("invoice", args=[invoices[0].pk])).content.decode()

    assert offered(ana)
    assert not offered(make_user(company, Role.READER))
    company.has_links = False
    company.save(update_fields=["has_links"])
    assert not offered(ana)
