"""A whole Cartero for a module: pages, a worker as a process of its own, a mail server, and Ana before a browser."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import expect

from cartero.accounts.models import User
from cartero.companies.models import Company
from cartero.mailings import messages
from tests.browser.walking import Walk
from tests.factories import make_account, make_company, make_user
from tests.importing import ubl_documents
from tests.pages.browsing import PICTURES, WIDE
from tests.pages.conftest import chromium, serving, static_files  # noqa: F401  # fixtures
from tests.smtp import SmtpServer

NAME = "Conjunto Los Cedros SAS"
PATIENCE = 20_000  # milliseconds, on a machine that does other things too
GONE = (  # idle ones are in nobody's way, and the tests behind this module go on with theirs
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
)


@dataclass(frozen=True, kw_only=True)
class World:
    """Ana bills for the company; her mail account leads to `mail_server`."""

    address: str
    mail_server: SmtpServer
    company: Company
    ana: User


@pytest.fixture(scope="module")
def mail_server():
    server = SmtpServer().start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, mail_server):
    """What the tests of a module do to it one after the other stays, until the module is over."""
    with django_db_blocker.unblock():
        company = make_company(name=NAME, tax_id=ubl_documents.COMPANY, check_digit="3")
        ana = make_user(company, name="Ana Ríos", email="ana.rios@cedros.example.co")
        make_account(
            company, name="Facturación", from_address="facturas@cedros.example.co", port=mail_server.port, connections=2
        )
        messages.first_templates(company)
        with serving() as address, working(mail_server):
            yield World(address=address, mail_server=mail_server, company=company, ana=ana)
        with connection.cursor() as cursor:  # threads of the pages that have not noticed yet that the browser is gone
            cursor.execute(GONE)
        call_command("flush", interactive=False, verbosity=0)


class working:  # noqa: N801  # a context, read as a verb
    """A worker of the test's database; what Cartero writes to its own users goes to the mail server too."""

    def __init__(self, mail_server: SmtpServer) -> None:
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        self.environment = os.environ | {
            "DATABASE_URL": url,
            "CARTERO_MAIL_HOST": "127.0.0.1",
            "CARTERO_MAIL_PORT": str(mail_server.port),
            "CARTERO_MAIL_FROM": "cartero@cedros.example.co",
        }

    def __enter__(self) -> None:
        command = [sys.executable, "-m", "cartero", "worker"]
        self.process = subprocess.Popen(command, env=self.environment, start_new_session=True)

    def __exit__(self, *_error: object) -> None:
        self.process.terminate()
        self.process.wait(60)
        cache.clear()  # it knows the files of this module by their marker; those of other tests are elsewhere


@pytest.fixture(scope="module")
def walk(world, chromium):  # noqa: F811  # the fixture
    """Ana before her browser, on the page to sign in."""
    context = chromium.new_context(viewport=WIDE, locale="es-CO", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    walk = Walk(context, world.address)
    walk.go("/")
    yield walk
    if PICTURES:
        walk.page.screenshot(path=Path(PICTURES) / "last.png")
    context.close()
    connection.close()  # under Playwright's loop the tests have had one of their own
