import re

import pytest

from cartero.companies.models import AuditEntry
from tests.pages.configuration.test_activity import PATH as ACTIVITY

pytestmark = pytest.mark.django_db
PATH = "/configuracion/empresa/correos-guardados/"


def chosen(page):
    return re.findall(r'value="(\w+)"[^>]* checked', page)


def test_the_choice_is_kept_and_is_in_the_trail(client, people):
    client.force_login(people.ana)
    assert chosen(client.get(PATH).text) == ["no"]
    for choice, keeps in (("yes", True), ("no", False)):
        client.post(PATH, {"keeps": choice})
        people.company.refresh_from_db()
        assert people.company.keeps_mails is keeps
        assert chosen(client.get(PATH).text) == [choice]
    assert AuditEntry.objects.filter(verb="choose_mail_keeping", user=people.ana).count() == 2
    assert "Cambió si se guardan los correos enviados." in client.get(ACTIVITY).text


def test_another_word_is_no_choice(client, people):
    client.force_login(people.ana)
    assert client.post(PATH, {"keeps": "twice"}).status_code == 422


def test_who_reads_does_not_choose(client, people, preparer):
    client.force_login(preparer)
    assert client.post(PATH, {"keeps": "yes"}).status_code == 403
