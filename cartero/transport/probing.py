"""*Probar*: logs in, sends one mail, and reads what the domain's records say of who may send for it."""

import re
from base64 import b64encode
from dataclasses import dataclass, replace
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from textwrap import wrap

import dns.resolver
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.platform import ids
from cartero.transport import allowance, connecting, editing
from cartero.transport import dns as records
from cartero.transport.dns import Finding
from cartero.transport.explanations import EXPLANATIONS
from cartero.transport.models import MailAccount
from cartero.transport.opening import NotConnected
from cartero.transport.presets import PRESETS
from cartero.transport.providers import PROVIDERS
from cartero.transport.replies import Sent, Verdict
from cartero.transport.server import ApiServer, Server, Timeouts
from cartero.transport.ways import BY_API, Way

PATIENT = Timeouts(connect=10, command=20, data=20, write=20, end=30, quit=2)  # somebody waits for the page
_NOT_IN_HEADERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|=\?")


@dataclass(frozen=True, kw_only=True)
class Step:
    """What was tried of the account: whether it went well, what happened, what she can do, the server's own words."""

    is_good: bool
    happened: str
    you_can: str = ""
    reply: str = ""


@dataclass(frozen=True, kw_only=True)
class Probe:
    """`sent` is None where nobody could log in; `findings` are those of the sender's domain."""

    to: str
    login: Step
    sent: Step | None
    findings: tuple[Finding, ...]

    @property
    def is_good(self) -> bool:
        return self.sent is not None and self.sent.is_good


def probe(
    account: MailAccount, to: str, by: User, now: datetime, *, resolver: dns.resolver.Resolver | None = None
) -> Probe:
    """Tries `account` for real, with one mail to `to` (a checked address). Takes up to about a minute.

    Where the mail was taken, the account counts as tested, and what had stopped it is forgotten. Raises SealBroken.
    """
    audit.record(account, "probe", by, name=account.name, to=to)
    login, sent = _try(connecting.server_of(account), account, to, now)
    done = Probe(to=to, login=login, sent=sent, findings=_findings(account, resolver))
    if done.is_good:
        MailAccount.objects.filter(pk=account.pk).update(tested_at=Now())
        if account.stopped_reason or account.paused_since:
            editing.clear(account, by)
    return done


def _try(server: Server | ApiServer, account: MailAccount, to: str, now: datetime) -> tuple[Step, Step | None]:
    scale = server.timeouts.connect / Timeouts().connect
    opened = connecting.connect(replace(server, timeouts=PATIENT.scaled(scale)))
    if isinstance(opened, NotConnected):
        return _bad(opened.verdict, opened.text or opened.detail), None
    login = Step(is_good=True, happened=_entered(server))
    allowance.reserve(account.pk, [1])  # counted as others are; one that is tried need not have room
    try:
        done = opened.transmit(account.from_address, [to], message(account, to, now))
    finally:
        opened.close()
    if not isinstance(done.verdict, Sent):
        return login, _bad(done.verdict, done.text or done.detail)
    happened = _("El servidor recibió el correo de prueba para %(to)s. Mire si llegó, también en no deseados.")
    return login, Step(is_good=True, happened=happened % {"to": to}, reply=done.text)


def _entered(server: Server | ApiServer) -> str:
    if isinstance(server, ApiServer):
        return _("La clave se prueba con el correo.")
    if server.bearer:
        return _("Entró con el permiso que se dio.")
    return _("Entró con su usuario y contraseña.") if server.username else _("Responde, y no pide usuario.")


def message(account: MailAccount, to: str, now: datetime) -> bytes:
    """The mail of the trial: plain text, in base64 so that nothing of it can be a header or a line of SMTP."""
    domain = account.from_address.rpartition("@")[2]
    text = _(
        "Este es un correo de prueba de la cuenta «%(name)s» en Cartero.\n\n"
        "Si lo está leyendo, la cuenta puede enviar. No hay que responderlo.\n"
    )
    lines = [
        f"From: {_name(account.from_name)}<{account.from_address}>",
        f"To: <{to}>",
        f"Subject: {_word(_('Prueba de la cuenta de correo'))}",
        f"Date: {format_datetime(now)}",
        f"Message-ID: <prueba.{ids.token()}@{domain}>",
        "MIME-Version: 1.0",
        "Auto-Submitted: auto-generated",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        *wrap(b64encode((text % {"name": account.name}).encode()).decode(), 76),
        "",
    ]
    return "\r\n".join(lines).encode()


def _findings(account: MailAccount, resolver: dns.resolver.Resolver | None) -> tuple[Finding, ...]:
    domain = account.from_address.rpartition("@")[2]
    spf, selectors = _records_at(account)
    return records.check(domain, spf=spf, selectors=selectors, resolver=resolver)


def _records_at(account: MailAccount) -> tuple[str, tuple[str, ...]]:
    """What its provider wants in a domain's records: for SPF, and the names of its DKIM keys."""
    if account.way in BY_API:
        provider = PROVIDERS[Way(account.way)]
        return provider.spf, provider.selectors
    preset = next((each for each in PRESETS.values() if each.host and each.host == account.host.casefold()), None)
    return (preset.spf, preset.selectors) if preset else ("", ())


def _bad(verdict: Verdict, reply: str) -> Step:
    words = EXPLANATIONS[verdict.reason]
    return Step(is_good=False, happened=str(words.happened), you_can=str(words.you_can), reply=reply)


def _name(text: str) -> str:
    return f"{_word(text)} " if _NOT_IN_HEADERS.sub("", text).strip() else ""


def _word(text: str) -> str:
    """Encoded words (RFC 2047) whatever is in it, so that no name can close its quotes or open a header."""
    return Header(_NOT_IN_HEADERS.sub("", text).strip(), "utf-8", maxlinelen=70).encode(linesep="\r\n")
