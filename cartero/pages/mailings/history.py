"""What people and Cartero did with a sending, from the audit trail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cartero.companies.models import AuditEntry
from cartero.mailings.models import Mailing
from cartero.platform import formats

MOST = 20


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line, as ui/_timeline.html takes it."""

    icon: str
    tone: str
    what: str | Promise
    at: datetime
    detail: str = ""


# Icon, tone and words of each verb that the audit trail has about a sending.
VERBS: Mapping[str, tuple[str, str, str | Promise]] = {
    "register": ("plus", "", gettext_lazy("Registrado")),
    "trial": ("flask", "", gettext_lazy("Email de prueba")),
    "schedule": ("calendar", "accent", gettext_lazy("Programado")),
    "unschedule": ("calendar", "", gettext_lazy("Programación quitada")),
    "start": ("play", "accent", gettext_lazy("Iniciado")),
    "stop": ("pause", "", gettext_lazy("Detenido")),
    "hold": ("pause", "", gettext_lazy("Detenido: los datos vienen de una copia de respaldo")),
    "resume": ("play", "accent", gettext_lazy("Reanudado")),
    "next_batch": ("play", "accent", gettext_lazy("Salió la tanda siguiente")),
    "retry": ("retry", "accent", gettext_lazy("Reintento de los fallidos")),
    "go_on": ("play", "accent", gettext_lazy("Siguió con un correo corregido")),
    "finish": ("check", "positive", gettext_lazy("Finalizado")),
    "cancel": ("slash", "negative", gettext_lazy("Cancelado")),
}


def of(mailing: Mailing) -> list[Entry]:
    """The latest first. One query, by the index of the audit trail."""
    found = _entries(mailing).filter(verb__in=VERBS).select_related("user").order_by("-pk")[:MOST]
    return [_entry(audited, mailing) for audited in found]


def last(mailing: Mailing, verb: str) -> AuditEntry | None:
    return _entries(mailing).filter(verb=verb).select_related("user").order_by("-pk").first()


def _entries(mailing: Mailing) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.of(mailing.company).filter(noun="mailing", noun_id=mailing.pk)


def _entry(audited: AuditEntry, mailing: Mailing) -> Entry:
    icon, tone, what = VERBS[audited.verb]
    who = str(audited.user) if audited.user else _("Cartero")
    return Entry(icon=icon, tone=tone, what=what, at=audited.at, detail=_detail(audited, mailing, who))


def _detail(audited: AuditEntry, mailing: Mailing, who: str) -> str:
    """Who did it, and what only the trail remembers: from where it goes, whom a trial went to, how many it held."""
    match audited.verb:
        case "start":
            return _("%(who)s, desde %(address)s") % {"who": who, "address": mailing.account.from_address}
        case "trial":
            return _("%(who)s, a %(to)s") % {"who": who, "to": ", ".join(audited.facts.get("to", []))}
        case "register":
            documents = audited.facts.get("documents", 0)
            words = ngettext("%(who)s, %(n)s documento", "%(who)s, %(n)s documentos", documents)
            return words % {"who": who, "n": formats.number(documents)}
    return who
