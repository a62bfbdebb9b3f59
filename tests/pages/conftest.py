"""Pages are tested with the stylesheets and scripts that a browser would get, and in a real one."""

import fcntl
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test.testcases import LiveServerThread, _StaticFilesHandler
from playwright.sync_api import sync_playwright

from cartero.companies.roles import Role
from tests.factories import make_company, make_user
from tests.pages.people import make_people

FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def people():
    """Ana administers a company, Bruno reads in it, Carla is of another."""
    return make_people()


@pytest.fixture(scope="session", autouse=True)
def static_files():
    """Collected once for all processes of the suite."""
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "staticfiles.json").exists():
            call_command("collectstatic", interactive=False, verbosity=0)


@contextmanager
def serving():
    """The address of a running Cartero, whose files are the collected ones."""
    thread = LiveServerThread("127.0.0.1", _StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


@pytest.fixture
def server(transactional_db):
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    """One browser a module. Playwright runs an event loop in this thread, which Django's ORM would refuse."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def signed_in(client):
    """The cookies of a person who is in, for a browser: `context.add_cookies(signed_in(user, server))`."""

    def cookies(user, server):
        client.force_login(user)
        return [{"name": name, "value": morsel.value, "url": server} for name, morsel in client.cookies.items()]

    return cookies


@pytest.fixture
def company():
    return make_company(name="Administraciones Valle Verde S.A.S.", tax_id="900377216", check_digit="7")


@pytest.fixture
def ana(company):
    return make_user(company, name="Ana Pérez")


@pytest.fixture
def bruno(company):
    """He prepares."""
    return make_user(company, Role.PREPARER, name="Bruno Díaz")


@pytest.fixture
def reader(company):
    return make_user(company, Role.READER, name="Lucía Mora")


@pytest.fixture
def carla():
    """Of another company: whatever is not hers is not there."""
    return make_user(make_company(), name="Carla Ruiz")


@pytest.fixture
def enter(client):
    """The client of a person who is in."""

    def run(user):
        client.force_login(user)
        return client

    return run
