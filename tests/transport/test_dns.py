from collections.abc import Iterator
from dataclasses import dataclass, field

import dns.resolver
import pytest
from dnslib import QTYPE, RCODE, RR, TXT, DNSRecord
from dnslib.server import DNSServer

from cartero.transport.dns import Finding, Level, Subject, check

DOMAIN = "facturas.example.co"
PROVIDER = "_spf.example.com"


@dataclass
class Zone:
    """A server of names on loopback: TXT records by name, anything else is NXDOMAIN; a name in `broken` fails."""

    records: dict[str, list[str]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def resolve(self, request: DNSRecord, _handler: object) -> DNSRecord:
        reply = request.reply()
        name = str(request.q.qname).rstrip(".")
        self.asked.append(name)
        if name in self.broken:
            reply.header.rcode = RCODE.SERVFAIL
        elif name not in self.records:
            reply.header.rcode = RCODE.NXDOMAIN
        for text in self.records.get(name, []):
            pieces = [text[at : at + 255].encode() for at in range(0, len(text), 255)]
            reply.add_answer(RR(request.q.qname, QTYPE.TXT, rdata=TXT(pieces)))
        return reply


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Zone, dns.resolver.Resolver]]:
    zone = Zone()
    server = DNSServer(zone, address="127.0.0.1", port=0)
    server.start_thread()
    local = dns.resolver.Resolver(configure=False)
    local.nameservers = ["127.0.0.1"]
    local.port = server.server.server_address[1]
    yield zone, local
    server.stop()
    server.server.server_close()


@pytest.fixture
def zone(served: tuple[Zone, dns.resolver.Resolver]) -> Zone:
    served[0].records, served[0].broken = {}, set()
    return served[0]


@pytest.fixture
def resolver(zone: Zone, served: tuple[Zone, dns.resolver.Resolver]) -> dns.resolver.Resolver:
    return served[1]


def look(resolver: dns.resolver.Resolver, subject: Subject, selectors: tuple[str, ...] = ("google",)) -> Finding:
    findings = check(DOMAIN, spf=PROVIDER, selectors=selectors, resolver=resolver)
    return next(finding for finding in findings if finding.subject is subject)


def test_a_domain_where_all_is_well(zone: Zone, resolver: dns.resolver.Resolver) -> None:
    zone.records = {
        DOMAIN: ["otro=1", f"v=spf1 include:{PROVIDER} ~all"],
        PROVIDER: ["v=spf1 ip4:192.0.2.0/24 -all"],
        f"google._domainkey.{DOMAIN}": ["v=DKIM1; k=rsa; p=" + "A" * 400],  # two strings of one record
        f"_dmarc.{DOMAIN}": ["v=DMARC1; p=none; rua=mailto:dmarc@example.co"],
    }
    findings = check(DOMAIN, spf=PROVIDER, selectors=("google",), resolver=resolver)
    assert [(finding.subject, finding.level) for finding in findings] == [(subject, Level.GOOD) for subject in Subject]


def test_a_domain_where_nothing_is(resolver: dns.resolver.Resolver) -> None:
    spf, dkim, dmarc = check(DOMAIN, spf=PROVIDER, selectors=("google",), resolver=resolver)
    assert {spf.level, dkim.level, dmarc.level} == {Level.MISSING}
    assert (spf.record, spf.value) == (DOMAIN, f"v=spf1 include:{PROVIDER} ~all")
    assert dkim.record == f"google._domainkey.{DOMAIN}"
    assert (dmarc.record, dmarc.value) == (f"_dmarc.{DOMAIN}", "v=DMARC1; p=none")
    assert all(DOMAIN in str(finding.text) for finding in (spf, dkim, dmarc))


SPF: list[tuple[list[str], Level, str]] = [
    ([f"v=spf1 include:{PROVIDER} -all"], Level.GOOD, ""),
    ([f"V=SPF1 INCLUDE:{PROVIDER.upper()} ~ALL"], Level.GOOD, ""),
    (["v=spf1 include:grupo.example.co ~all"], Level.GOOD, ""),  # which includes the provider
    (["v=spf1 redirect=grupo.example.co"], Level.GOOD, ""),
    (["v=spf1 mx ~all"], Level.WRONG, f"v=spf1 include:{PROVIDER} mx ~all"),
    ([f"v=spf1 include:{PROVIDER} ~all", "v=spf1 mx ~all"], Level.WRONG, ""),
    ([f"v=spf1 include:{PROVIDER} +all"], Level.WRONG, f"v=spf1 include:{PROVIDER} ~all"),
    ([f"v=spf1 include:{PROVIDER} all"], Level.WRONG, f"v=spf1 include:{PROVIDER} ~all"),
    ([f"v=spf1 include:{PROVIDER} ?all"], Level.WARNING, f"v=spf1 include:{PROVIDER} ~all"),
    ([f"v=spf1 include:{PROVIDER}"], Level.WARNING, f"v=spf1 include:{PROVIDER} ~all"),
    ([f"v=spf1 include:{PROVIDER} {'a:x.example.co ' * 10}~all"], Level.WRONG, ""),  # eleven questions
    ([f"v=spf1 include:{PROVIDER} include:vuelta.example.co ~all"], Level.GOOD, ""),  # a circle ends
    (["v=spf10 include:x ~all"], Level.MISSING, f"v=spf1 include:{PROVIDER} ~all"),
]


@pytest.mark.parametrize(("records", "level", "value"), SPF)
def test_spf(zone: Zone, resolver: dns.resolver.Resolver, records: list[str], level: Level, value: str) -> None:
    zone.records = {
        DOMAIN: records,
        PROVIDER: ["v=spf1 ip4:192.0.2.0/24 -all"],
        "grupo.example.co": [f"v=spf1 include:{PROVIDER} ~all"],
        "vuelta.example.co": ["v=spf1 include:vuelta.example.co ~all"],
    }
    finding = look(resolver, Subject.SPF)
    assert (finding.level, finding.value) == (level, value)


@pytest.mark.parametrize(
    ("records", "selectors", "level"),
    [
        ({"selector2": ["v=DKIM1; p=MIGf"]}, ("selector1", "selector2"), Level.GOOD),
        ({"google": ["k=rsa; p=MIGf"]}, ("google",), Level.GOOD),
        ({"google": ["v=DKIM1; p="]}, ("google",), Level.WRONG),  # revoked
        ({"other": ["v=DKIM1; p=MIGf"]}, ("google",), Level.MISSING),
        ({}, (), Level.UNKNOWN),  # a provider whose selectors are random
    ],
)
def test_dkim(
    zone: Zone,
    resolver: dns.resolver.Resolver,
    records: dict[str, list[str]],
    selectors: tuple[str, ...],
    level: Level,
) -> None:
    zone.records = {f"{selector}._domainkey.{DOMAIN}": texts for selector, texts in records.items()}
    assert look(resolver, Subject.DKIM, selectors).level is level


@pytest.mark.parametrize(
    ("name", "records", "level"),
    [
        (f"_dmarc.{DOMAIN}", ["v=DMARC1; p=reject"], Level.GOOD),
        (f"_dmarc.{DOMAIN}", ["v=DMARC1;p=quarantine;pct=50"], Level.GOOD),
        ("_dmarc.example.co", ["v=DMARC1; p=none"], Level.GOOD),  # the domain above
        ("_dmarc.co", ["v=DMARC1; p=none"], Level.MISSING),
        (f"_dmarc.{DOMAIN}", ["v=DMARC1; rua=mailto:x@example.co"], Level.WRONG),
        (f"_dmarc.{DOMAIN}", ["v=DMARC1; p=none", "v=DMARC1; p=reject"], Level.WRONG),
        (f"_dmarc.{DOMAIN}", ["otra cosa"], Level.MISSING),
    ],
)
def test_dmarc(zone: Zone, resolver: dns.resolver.Resolver, name: str, records: list[str], level: Level) -> None:
    zone.records = {name: records}
    assert look(resolver, Subject.DMARC).level is level


def test_a_server_of_names_that_fails_leaves_the_others(zone: Zone, resolver: dns.resolver.Resolver) -> None:
    zone.broken = {DOMAIN}
    zone.records = {f"_dmarc.{DOMAIN}": ["v=DMARC1; p=none"]}
    assert look(resolver, Subject.SPF).level is Level.UNKNOWN
    assert look(resolver, Subject.DMARC).level is Level.GOOD


def test_without_network_nothing_is_claimed() -> None:
    nobody = dns.resolver.Resolver(configure=False)
    nobody.nameservers = []
    findings = check(DOMAIN, spf=PROVIDER, selectors=("google",), resolver=nobody)
    assert {finding.level for finding in findings} == {Level.UNKNOWN}
    assert str(findings[0].text).startswith("No se pudo consultar SPF")
