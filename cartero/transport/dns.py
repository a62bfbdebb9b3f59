"""SPF, DKIM and DMARC of a domain, in words, with the record to add (RFC 7208, 6376, 7489).

Importing this costs half a second (dnspython): only the door that asks does.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

import dns.exception
import dns.name
import dns.resolver
from django.utils.functional import Promise
from django.utils.translation import gettext as _

SECONDS = 5.0  # for one answer, all its tries together
LOOKUPS = 10  # RFC 7208, 4.6.4

_INCLUDED = re.compile(r"(?:^|\s)[+?~-]?(include:|redirect=)(\S+)", re.IGNORECASE)
_LOOKING_UP = re.compile(r"^[+?~-]?(include:|a$|a[:/]|mx$|mx[:/]|ptr|exists:|redirect=)", re.IGNORECASE)


class Subject(StrEnum):
    SPF = "SPF"
    DKIM = "DKIM"
    DMARC = "DMARC"


class Level(Enum):
    GOOD = "good"
    WARNING = "warning"  # mails go, some will be taken for spam
    MISSING = "missing"
    WRONG = "wrong"
    UNKNOWN = "unknown"  # could not be asked


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`record` is the name and `value` the text of the TXT record to add or change, where there is one to propose."""

    subject: Subject
    level: Level
    text: str | Promise
    record: str = ""
    value: str = ""


class _NotAskedError(Exception):
    """No server of names has answered."""


def check(
    domain: str, *, spf: str = "", selectors: Sequence[str] = (), resolver: dns.resolver.Resolver | None = None
) -> tuple[Finding, ...]:
    """What is there for `domain` and what is missing; `spf` and `selectors` as the account's preset has them."""
    asked = resolver or _of_this_machine()
    checks: tuple[tuple[Subject, Callable[[], Finding]], ...] = (
        (Subject.SPF, lambda: _spf(domain, spf, asked)),
        (Subject.DKIM, lambda: _dkim(domain, selectors, asked)),
        (Subject.DMARC, lambda: _dmarc(domain, asked)),
    )
    findings: list[Finding] = []
    for subject, run in checks:
        try:
            findings.append(run())
        except _NotAskedError:
            text = _("No se pudo consultar %(subject)s: no hay respuesta del servidor de nombres.")
            findings.append(Finding(subject=subject, level=Level.UNKNOWN, text=text % {"subject": subject.value}))
    return tuple(findings)


def _of_this_machine() -> dns.resolver.Resolver:
    try:
        return dns.resolver.Resolver()
    except dns.resolver.NoResolverConfiguration:
        return dns.resolver.Resolver(configure=False)  # asks nobody


def _spf(domain: str, include: str, resolver: dns.resolver.Resolver) -> Finding:
    records = _records(domain, "v=spf1", resolver)
    proposal = f"v=spf1 include:{include} ~all" if include else ""
    if not records:
        text = _("El dominio %(domain)s no dice quién puede enviar por él: le falta el registro SPF.")
        return _finding(Subject.SPF, Level.MISSING, text, domain, domain, proposal)
    if len(records) > 1:
        text = _("El dominio %(domain)s tiene varios registros SPF, y así ninguno vale. Deje uno solo.")
        return _finding(Subject.SPF, Level.WRONG, text, domain, domain)
    (record,) = records
    if include and include.casefold() not in _included(record, resolver, set()):
        text = _("El registro SPF de %(domain)s no incluye a su proveedor de correo.")
        return _finding(Subject.SPF, Level.WRONG, text, domain, domain, _with_include(record, include))
    return _judge_spf(domain, record, resolver)


def _judge_spf(domain: str, record: str, resolver: dns.resolver.Resolver) -> Finding:
    terms = record.casefold().split()
    if "+all" in terms or "all" in terms:
        text = _("El registro SPF de %(domain)s permite que cualquiera envíe por él. Termínelo en ~all.")
        return _finding(Subject.SPF, Level.WRONG, text, domain, domain, re.sub(r"(?i)\+?\ball\b", "~all", record))
    if _lookups(record, resolver, set()) > LOOKUPS:
        text = _(
            "El registro SPF de %(domain)s hace más de 10 consultas, y así no vale. Quite los «include» que no use."
        )
        return _finding(Subject.SPF, Level.WRONG, text, domain, domain)
    if not any(term in {"-all", "~all"} or term.startswith("redirect=") for term in terms):
        text = _("El registro SPF de %(domain)s no dice qué hacer con los demás. Termínelo en ~all.")
        return _finding(Subject.SPF, Level.WARNING, text, domain, domain, f"{record.replace('?all', '').strip()} ~all")
    return _finding(Subject.SPF, Level.GOOD, _("SPF está bien en %(domain)s."), domain)


def _dkim(domain: str, selectors: Sequence[str], resolver: dns.resolver.Resolver) -> Finding:
    if not selectors:
        text = _("DKIM de %(domain)s no se puede revisar desde aquí: mírelo en la página de su proveedor de correo.")
        return _finding(Subject.DKIM, Level.UNKNOWN, text, domain)
    revoked = False
    for selector in selectors:
        for record in _records(f"{selector}._domainkey.{domain}", "", resolver):
            key = re.search(r"(?:^|;)\s*p=([^;]*)", record)
            if key and key[1].strip():
                return _finding(Subject.DKIM, Level.GOOD, _("DKIM está bien en %(domain)s."), domain)
            revoked = revoked or key is not None
    if revoked:
        text = _("La clave DKIM de %(domain)s está anulada. Cree otra en la página de su proveedor de correo.")
        return _finding(Subject.DKIM, Level.WRONG, text, domain, f"{selectors[0]}._domainkey.{domain}")
    text = _(
        "Los correos de %(domain)s no van firmados: le falta DKIM. Actívelo en la página de su proveedor de correo."
    )
    return _finding(Subject.DKIM, Level.MISSING, text, domain, f"{selectors[0]}._domainkey.{domain}")


def _dmarc(domain: str, resolver: dns.resolver.Resolver) -> Finding:
    name = f"_dmarc.{domain}"
    proposal = "v=DMARC1; p=none"
    records = _nearest_dmarc(domain, resolver)
    if not records:
        text = _("El dominio %(domain)s no tiene DMARC. Gmail y Outlook lo piden a quien envía mucho.")
        return _finding(Subject.DMARC, Level.MISSING, text, domain, name, proposal)
    if len(records) > 1:
        text = _("El dominio %(domain)s tiene varios registros DMARC, y así ninguno vale. Deje uno solo.")
        return _finding(Subject.DMARC, Level.WRONG, text, domain, name)
    policy = re.search(r";\s*p\s*=\s*(none|quarantine|reject)\s*(;|$)", records[0], re.IGNORECASE)
    if policy is None:
        text = _("El registro DMARC de %(domain)s no dice qué hacer (p=none, quarantine o reject).")
        return _finding(Subject.DMARC, Level.WRONG, text, domain, name, proposal)
    return _finding(Subject.DMARC, Level.GOOD, _("DMARC está bien en %(domain)s."), domain)


def _nearest_dmarc(domain: str, resolver: dns.resolver.Resolver) -> list[str]:
    """Those of the domain, else of the nearest domain above it that has any; never of `co` itself."""
    labels = domain.rstrip(".").split(".")
    for start in range(len(labels) - 1):
        records = _records(f"_dmarc.{'.'.join(labels[start:])}", "v=DMARC1", resolver)
        if records:
            return records
    return []


def _included(record: str, resolver: dns.resolver.Resolver, seen: set[str]) -> set[str]:
    """All domains that an SPF record includes, through others too."""
    for _kind, domain in _INCLUDED.findall(record):
        name = domain.casefold().rstrip(".")
        if name in seen or len(seen) > LOOKUPS:
            continue
        seen.add(name)
        for inner in _records(name, "v=spf1", resolver):
            _included(inner, resolver, seen)
    return seen


def _lookups(record: str, resolver: dns.resolver.Resolver, seen: set[str]) -> int:
    """How many questions the record costs who checks it."""
    count = sum(1 for term in record.split() if _LOOKING_UP.match(term))
    for _kind, domain in _INCLUDED.findall(record):
        if domain in seen or len(seen) > 2 * LOOKUPS:
            continue
        seen.add(domain)
        for inner in _records(domain, "v=spf1", resolver):
            count += _lookups(inner, resolver, seen)
    return count


def _records(name: str, start: str, resolver: dns.resolver.Resolver) -> list[str]:
    """The TXT records of `name` that begin with `start`. Raises _NotAskedError when nobody answers."""
    try:
        answer = resolver.resolve(name, "TXT", lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.LabelTooLong, dns.name.EmptyLabel):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise _NotAskedError from error
    texts = [b"".join(found.strings).decode("utf-8", "replace").strip() for found in answer]
    return [text for text in texts if re.match(re.escape(start) + (r"(\s|;|$)" if start else ""), text, re.IGNORECASE)]


def _with_include(record: str, include: str) -> str:
    return re.sub(r"(?i)^v=spf1", f"v=spf1 include:{include}", record)


def _finding(subject: Subject, level: Level, text: str, domain: str, record: str = "", value: str = "") -> Finding:
    return Finding(subject=subject, level=level, text=text % {"domain": domain}, record=record, value=value)
