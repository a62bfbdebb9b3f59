import re

import pytest

from cartero.companies.models import AuditEntry, DoubtRule
from tests.pages.configuration.test_activity import PATH as ACTIVITY

pytestmark = pytest.mark.django_db
PATH = "/configuracion/empresa/en-duda/"


def test_a_company_reviews_unless_it_says_otherwise(client, people):
    client.force_login(people.ana)
    page = client.get(PATH).text
    assert re.findall(r'value="(\w+)"[^>]* checked', page) == ["review"]
    assert "alguien puede recibirlo dos veces" in page


def test_the_rule_is_kept_and_is_in_the_trail(client, people):
    client.force_login(people.ana)
    client.post(PATH, {"rule": "resend"})
    people.company.refresh_from_db()
    assert people.company.doubt_rule == DoubtRule.RESEND
    assert AuditEntry.objects.get(verb="choose_doubt_rule").user == people.ana
    assert "era «Marcar para revisar» y es «Reenviar»" in client.get(ACTIVITY).text


def test_another_word_is_no_rule(client, people):
    client.force_login(people.ana)
    assert client.post(PATH, {"rule": "twice"}).status_code == 422
    people.company.refresh_from_db()
    assert people.company.doubt_rule == DoubtRule.REVIEW


def test_who_reads_does_not_choose_it(client, people, preparer):
    client.force_login(preparer)
    assert client.post(PATH, {"rule": "resend"}).status_code == 403
