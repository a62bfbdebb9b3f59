from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from cartero.accounts.models import User
from cartero.companies.models import Company
from cartero.mailings import registering
from cartero.mailings.models import Mailing
from cartero.mailings.registering import Draft
from cartero.mailings.selection import Selection
from cartero.mailings.states import MailingKind
from cartero.transport.models import MailAccount
from tests.factories import make_account, make_company, make_user
from tests.smtp import SmtpServer


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def ana(company: Company) -> User:
    return make_user(company, name="Ana Pérez")


@pytest.fixture
def account(company: Company, smtp_server: SmtpServer) -> MailAccount:
    return make_account(company, port=smtp_server.port)


@pytest.fixture
def register(company: Company, account: MailAccount, ana: User) -> Callable[..., Mailing]:
    """Registers all the company has, as a copy, unless told otherwise."""

    def run(**chosen: Any) -> Mailing:
        draft = Draft(
            name="Julio",
            account=account,
            subject="Factura {{ factura.numero }}",
            message_html="<p>Buenos días, {{ tercero.nombre }}</p>",
        )
        chosen = {"kind": MailingKind.COPY} | chosen
        return registering.register(company, Selection(**chosen), draft, by=ana, now=timezone.now())

    return run
