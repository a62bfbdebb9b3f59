"""Which domains surely take no mail: no such name, nothing to deliver to (RFC 5321, 5.1), or a null MX (RFC 7505).

Asked when a person saves an address, never by an import. Whoever does not answer in time has given no verdict.
"""

import time
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import dns.exception
import dns.rdata
import dns.resolver
from django.conf import settings

SECONDS = 2.0  # for all of them together
AT_ONCE = 8
MOST = 200  # more are not asked about
SILENT = 60.0  # seconds without a question after nobody answered one: there is no network
_INVENTED = "example"  # RFC 2606, and what is made of it


@dataclass
class _Network:
    silent_until: float = 0.0


_network = _Network()


def refusing(domains: Iterable[str], *, resolver: dns.resolver.Resolver | None = None) -> set[str]:
    """Those of `domains`, ASCII and in lower case, to which no mail can be delivered."""
    wanted = [domain for domain in dict.fromkeys(domains) if _INVENTED not in domain.split(".")][:MOST]
    if resolver is None and (not settings.ASK_MAIL_DOMAINS or time.monotonic() < _network.silent_until):
        return set()
    return _asked(wanted, resolver or _of_this_machine()) if wanted else set()


def _asked(domains: Collection[str], resolver: dns.resolver.Resolver) -> set[str]:
    deadline = time.monotonic() + SECONDS
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="mx") as threads:
        verdicts = list(threads.map(lambda domain: _refuses(domain, resolver, deadline), domains))
    return {domain for domain, refuses in zip(domains, verdicts, strict=True) if refuses}


def _refuses(domain: str, resolver: dns.resolver.Resolver, deadline: float) -> bool:
    try:
        exchanges = [record.to_text().split()[-1] for record in _records(domain, "MX", resolver, deadline)]
        if exchanges:
            return all(exchange == "." for exchange in exchanges)
        return not any(_records(domain, kind, resolver, deadline) for kind in ("A", "AAAA"))
    except dns.resolver.NXDOMAIN:
        return True
    except (dns.exception.Timeout, TimeoutError):
        _network.silent_until = time.monotonic() + SILENT
        return False
    except dns.exception.DNSException:
        return False


def _records(domain: str, kind: str, resolver: dns.resolver.Resolver, deadline: float) -> list[dns.rdata.Rdata]:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    answer = resolver.resolve(f"{domain}.", kind, lifetime=left, search=False, raise_on_no_answer=False)
    return list(answer.rrset or [])


def _of_this_machine() -> dns.resolver.Resolver:
    try:
        return dns.resolver.default_resolver or dns.resolver.Resolver()
    except dns.resolver.NoResolverConfiguration:
        return dns.resolver.Resolver(configure=False)  # asks nobody
