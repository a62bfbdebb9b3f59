from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from cartero.accounts.models import User
from cartero.companies.models import Company
from cartero.mailings import lifecycle, registering, reports
from cartero.mailings.batches import Plan
from cartero.mailings.models import Delivery, Mailing
from cartero.mailings.registering import Draft
from cartero.mailings.selection import Selection
from cartero.mailings.states import BatchThen, MailingKind
from cartero.platform import sql
from cartero.transport.models import MailAccount
from tests.factories import make_account, make_company, make_invoice, make_party, make_user
from tests.smtp import SmtpServer

Act = Callable[[], object]


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def ana(company: Company) -> User:
    return make_user(company, name="Ana Pérez")


@pytest.fixture
def bruno(company: Company) -> User:
    return make_user(company, name="Bruno Díaz")


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


@pytest.fixture
def mailing_of(company: Company, register: Callable[..., Mailing]) -> Callable[[int], Mailing]:
    """A mailing of so many mails, to tercero0@example.com and so on."""

    def make(mails: int) -> Mailing:
        for n in range(mails):
            make_invoice(make_party(company, f"tercero{n}@example.com"))
        return register()

    return make


@pytest.fixture
def started(mailing_of: Callable[[int], Mailing], ana: User) -> Callable[[int], Mailing]:
    """The same, begun."""

    def make(mails: int) -> Mailing:
        mailing = mailing_of(mails)
        lifecycle.start(mailing, by=ana)
        return mailing

    return make


@pytest.fixture
def in_batches(company: Company, account: MailAccount, ana: User) -> Callable[..., Mailing]:
    """A mailing begun, of five mails in parts of two that wait for an hour; the second party has no address."""

    def make(then: BatchThen = BatchThen.GO_ON, mails: int = 5, size: int = 2) -> Mailing:
        for n in range(mails):
            make_invoice(make_party(company, f"tercero{n}@example.com"))
            if n == 0:
                make_invoice(make_party(company, None))
        plan = Plan(size=size, wait_minutes=60, then=then)
        draft = Draft(name="Julio", account=account, subject="Va", message_html="<p>Va</p>", batches=plan)
        chosen = Selection(kind=MailingKind.COPY)
        mailing = registering.register(company, chosen, draft, by=ana, now=timezone.now())
        lifecycle.start(mailing, by=ana)
        return mailing

    return make


@pytest.fixture
def counted() -> Callable[[Mailing], dict[str, int]]:
    """How many deliveries are in each state, after the counters that pages show have been held against the rows."""

    def count(mailing: Mailing) -> dict[str, int]:
        rows = Counter[str]()
        documents = Counter[str]()
        for status, many in mailing.deliveries.values_list("status", "document_count"):
            state = "pending" if status in {"claimed", "transmitting"} else status
            rows[state] += 1
            documents[state] += many
        progress = reports.progress(mailing)
        assert dict(progress.mails) == dict(rows)
        assert dict(progress.documents) == {state: many for state, many in documents.items() if many}
        assert progress.documents_total == mailing.documents
        return dict(rows)

    return count


@pytest.fixture
def at_once() -> Callable[..., list[Exception]]:
    """Lets several people act in the same instant; what was raised."""

    def run(*acts: Act) -> list[Exception]:
        line = Barrier(len(acts))

        def one(act: Act) -> Exception | None:
            line.wait()
            try:
                act()
            except Exception as error:  # noqa: BLE001  what was raised is the result
                return error
            finally:
                connection.close()
            return None

        with ThreadPoolExecutor(len(acts)) as people:
            return [error for error in people.map(one, acts) if error is not None]

    return run


@pytest.fixture
def jobs(db: None) -> Callable[[str], int]:
    """How many jobs of a name wait; at first none, whatever other tests left."""
    sql.changed("tests.mailings", "forget_jobs")
    return lambda name: len(sql.run("tests.mailings", "jobs", task=name))


def only(mailing: Mailing) -> Delivery:
    return Delivery.objects.get(mailing=mailing)
