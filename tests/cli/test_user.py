import json

import pytest
from allauth.mfa.models import Authenticator
from typer.testing import CliRunner

from cartero.accounts import sessions
from cartero.cli import user
from cartero.companies.members import NoSuchMember
from tests.factories import make_company, make_user

pytestmark = pytest.mark.django_db


def run(*arguments):
    return CliRunner().invoke(user.app, ["sign-out", *arguments], catch_exceptions=False)


@pytest.mark.parametrize(("more", "factors"), [([], 1), (["--drop-second-factor"], 0)])
def test_the_operator_ends_the_sessions_of_a_person(client, more, factors):
    company = make_company()
    ana = make_user(company)
    make_user(make_company())
    Authenticator.objects.create(user=ana, type="totp", data={})
    client.force_login(ana)
    assert len(sessions.of(ana)) == 1
    done = run("--company", company.tax_id, "--email", ana.email, *more, "--json")
    assert json.loads(done.output) == {"id": ana.pk, "email": ana.email}
    assert sessions.of(ana) == []
    assert Authenticator.objects.count() == factors


def test_who_is_not_of_the_company_is_not_found():
    company, elsewhere = make_company(), make_user(make_company())
    with pytest.raises(NoSuchMember) as missing:
        run("--company", company.tax_id, "--email", elsewhere.email)
    assert elsewhere.email in missing.value.user_text
