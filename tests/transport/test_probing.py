from collections.abc import Iterator
from email import message_from_bytes, policy

import dns.resolver
import pytest
from django.utils import timezone
from dnslib.server import DNSServer

from cartero.accounts.models import User
from cartero.companies.models import AuditEntry, Company
from cartero.transport import probing, tokens
from cartero.transport.dns import Level, Subject
from cartero.transport.granting import Tokens
from cartero.transport.models import MailAccount
from cartero.transport.probing import Probe
from cartero.transport.ways import Way
from tests.authority import AuthorityServer
from tests.factories import make_account, make_company, make_user
from tests.provider import KEY, ProviderServer
from tests.smtp import SmtpServer
from tests.transport.test_dns import Zone

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def resolver() -> Iterator[dns.resolver.Resolver]:
    """Knows an SPF record of the sender's domain, and nothing else."""
    zone = Zone(records={"valle.example.co": ["v=spf1 include:_spf.example.com ~all"]})
    server = DNSServer(zone, address="127.0.0.1", port=0)
    server.start_thread()
    local = dns.resolver.Resolver(configure=False)
    local.nameservers, local.port = ["127.0.0.1"], server.server.server_address[1]
    yield local
    server.stop()
    server.server.server_close()


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def ana(company: Company) -> User:
    return make_user(company)


@pytest.fixture
def account(company: Company, smtp_server: SmtpServer) -> MailAccount:
    return make_account(company, port=smtp_server.port, from_name="Valle Verde · Cartera")


@pytest.fixture
def run(account: MailAccount, ana: User, resolver: dns.resolver.Resolver):  # type: ignore[no-untyped-def]  # a fixture
    def probe(to: str = "ana@example.com") -> Probe:
        return probing.probe(account, to, ana, timezone.now(), resolver=resolver)

    return probe


def test_the_mail_arrives_and_the_account_counts_as_tested(run, account, smtp_server) -> None:
    done = run()
    assert done.is_good
    assert smtp_server.count_by_recipient() == {"ana@example.com": 1}
    account.refresh_from_db()
    assert account.tested_at is not None
    assert AuditEntry.objects.get(verb="probe").facts["to"] == "ana@example.com"


def test_what_the_domain_lacks_is_told(run) -> None:
    levels = {finding.subject: finding.level for finding in run().findings}
    assert levels == {Subject.SPF: Level.GOOD, Subject.DKIM: levels[Subject.DKIM], Subject.DMARC: Level.MISSING}
    assert levels[Subject.DKIM] != Level.GOOD


REFUSALS = [
    ("greeting", 554, "5.7.1 not from here", "no acepta conexiones"),
    ("rcpt", 550, "5.1.1 no such user", "El buzón no existe"),
    ("mail", 553, "5.7.1 not owned", "sale desde"),
]


@pytest.mark.parametrize(("stage", "code", "text", "words"), REFUSALS)
def test_a_refusal_is_told_in_words_with_the_servers_own(run, account, smtp_server, stage, code, text, words) -> None:
    smtp_server.answer(stage, code, text)
    done = run()
    failed = done.sent or done.login
    assert not done.is_good
    assert words in failed.happened
    assert text in failed.reply
    assert done.findings  # the domain is looked at all the same
    account.refresh_from_db()
    assert account.tested_at is None


def test_a_wrong_password_is_told_and_not_shown(run, account, make_smtp_server) -> None:
    server = make_smtp_server(users={"facturas": "la-buena"})
    account.port, account.username, account.password = server.port, "facturas", "llave-mala-8841"
    account.save()
    done = run()
    assert not done.login.is_good
    assert done.sent is None
    assert "llave-mala-8841" not in str(done)


def test_one_that_was_stopped_goes_on_once_it_works(run, account) -> None:
    MailAccount.objects.update(stopped_reason="login_refused", paused_since=timezone.now())
    account.refresh_from_db()
    run()
    account.refresh_from_db()
    assert (account.stopped_reason, account.paused_since) == ("", None)


HEADERS = [
    *("Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From"),
    *("MIME-Version", "Message-ID", "Subject", "To"),
]
HOSTILE = [
    'Valle" <x@y.co>, "',
    "Valle\r\nBcc: x@y.co",
    "=?utf-8?q?=0ABcc:x=40y.co?=",
    "=?utf-8?b?PT8=?=?utf-8?q?=0ABcc?=",
    "Ñ" * 150,
    "\u2028\u202e",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_makes_no_header(account, name) -> None:
    account.from_name = account.name = name
    raw = probing.message(account, "ana@example.com", timezone.now())
    read = message_from_bytes(raw, policy=policy.default)
    assert sorted(read.keys()) == HEADERS
    assert [address.addr_spec for address in read["From"].addresses] == [account.from_address]
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_with_leave_it_says_how_it_entered(account, ana, resolver, smtp_server, settings) -> None:
    authority = AuthorityServer().start()
    settings.OAUTH_CLIENTS = {"google": authority.client()}
    account.way, account.username = Way.GOOGLE, authority.mailbox
    account.save()
    smtp_server.bearers = {authority.mailbox: "acceso"}
    tokens.keep(account, Tokens(access="acceso", refresh="r", seconds=3600), ana)
    done = probing.probe(account, "ana@example.com", ana, timezone.now(), resolver=resolver)
    authority.stop()
    assert done.is_good
    assert done.login.happened == "Entró con el permiso que se dio."


def test_by_an_api_the_mail_shows_whether_the_key_is_good(account, ana, resolver, settings) -> None:
    provider = ProviderServer(way=Way.BREVO).start()
    settings.PROVIDER_URLS = {"brevo": f"{provider.url}/v3"}
    account.way, account.password = Way.BREVO, KEY
    account.save()
    good = probing.probe(account, "ana@example.com", ana, timezone.now(), resolver=resolver)
    account.password = "otra"
    bad = probing.probe(account, "ana@example.com", ana, timezone.now(), resolver=resolver)
    provider.stop()
    assert (good.is_good, len(provider.taken)) == (True, 1)
    assert bad.sent is not None
    assert (bad.is_good, bad.sent.happened) == (False, "El proveedor rechazó la clave de la API.")
    spf = next(finding for finding in good.findings if finding.subject == Subject.SPF)
    assert "spf.brevo.com" in (spf.value or spf.text)
