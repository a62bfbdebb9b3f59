"""`/metrics`: how much there is of everything, for Prometheus. Counted in the database: any process answers for all."""

import ipaddress
from collections.abc import Iterable, Iterator
from hmac import compare_digest
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cartero.pages.access import public
from cartero.platform import sql
from cartero.transport import allowance

Sample = tuple[str, str, float]  # gauge, what its label says, value

# The label of a gauge that has one, and what the gauge counts.
GAUGES = {
    "cartero_deliveries": ("state", "Mails of all mailings, by what has become of them."),
    "cartero_mailings": ("status", "Mailings, by status."),
    "cartero_mails_accepted_last_minute": ("", "Mails that their servers took in the last full minute."),
    "cartero_jobs": ("state", "Jobs: waiting (due), later (due at an hour to come), doing."),
    "cartero_oldest_job_seconds": ("", "How long the job that is due and was put there first has waited."),
    "cartero_workers": ("", "Workers alive on all machines, by their heartbeats."),
    "cartero_accounts_paused": ("", "Mail accounts whose server asked to wait."),
    "cartero_accounts_limited": ("", "Mail accounts that have used up their own limit."),
    "cartero_doubts_open": ("", "Mails of which nobody knows whether they arrived."),
    "cartero_imports": ("state", "Imports under way."),
    "cartero_database_bytes": ("", "Size of the database."),
    "cartero_database_connections": ("", "Connections to the database."),
    "cartero_database_connections_allowed": ("", "Connections that its server allows, to all its databases."),
}


@require_GET
@public
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Text format 0.0.4. 403 without the token; where none is set, for whoever is not near."""
    if not _may_read(request):
        return HttpResponse(status=403)
    return HttpResponse(exposed(_samples()), content_type="text/plain; version=0.0.4; charset=utf-8")


def exposed(samples: Iterable[Sample]) -> str:
    """Labels are words of ours, so that nothing in them wants escaping."""
    return "".join(f"{line}\n" for line in _lines(samples))


def _lines(samples: Iterable[Sample]) -> Iterator[str]:
    for name, group in groupby(sorted(samples), key=lambda sample: sample[0]):
        label, counts = GAUGES[name]
        yield f"# HELP {name} {counts}"
        yield f"# TYPE {name} gauge"
        for _name, value, number in group:
            yield f'{name}{{{label}="{value}"}} {number:.15g}' if label else f"{name} {number:.15g}"


def _samples() -> list[Sample]:
    counted = [(str(name), str(label), float(value)) for name, label, value in sql.run(__package__, "gauges")]
    return [*counted, ("cartero_accounts_limited", "", allowance.limited())]


def _may_read(request: HttpRequest) -> bool:
    """By the token where one is set. Else by address, and not through a proxy: there everybody has the proxy's."""
    token: str = settings.METRICS_TOKEN
    if token:
        return compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    return _is_near(request.META["REMOTE_ADDR"])


def _is_near(address: str) -> bool:
    """This machine, or a private network. A public IPv4 address that came in by IPv6 is not near."""
    ip = ipaddress.ip_address(address)
    return ((ip.version == 6 and ip.ipv4_mapped) or ip).is_private
