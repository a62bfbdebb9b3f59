"""What can be done with a sending, and why not what cannot: said from the table of moves, never by the page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cartero.companies.roles import Role, allows
from cartero.mailings import batches
from cartero.mailings.models import Mailing
from cartero.mailings.reports import Progress
from cartero.mailings.states import MailingStatus, may
from cartero.pages import moments
from cartero.platform import formats

S = MailingStatus
Words = str | Promise

_ENDED = gettext_lazy("Ya finalizó.")
_CANCELLED = gettext_lazy("Está cancelado.")
_ONLY_SENDING = gettext_lazy("Solo mientras esté enviando.")
_NOTHING_SENT = gettext_lazy("Aún no se ha enviado nada.")
_BEGAN = gettext_lazy("El envío ya comenzó.")

# Why a verb does not apply; whether it does, `states.MOVES` says.
WHY_NOT: Mapping[str, Mapping[MailingStatus, Words]] = {
    "start": {
        S.SENDING: gettext_lazy("Ya está enviando."),
        S.STOPPED: _BEGAN,
        S.FINISHED: gettext_lazy("Ya finalizó. Para enviar de nuevo, registre otro envío."),
        S.CANCELLED: gettext_lazy("Está cancelado. Registre otro envío."),
    },
    "schedule": {S.SENDING: _BEGAN, S.STOPPED: _BEGAN, S.FINISHED: _ENDED, S.CANCELLED: _CANCELLED},
    "stop": {
        S.REGISTERED: _ONLY_SENDING,
        S.SCHEDULED: _ONLY_SENDING,
        S.STOPPED: gettext_lazy("Ya está detenido."),
        S.FINISHED: _ENDED,
        S.CANCELLED: _CANCELLED,
    },
    "retry": {
        S.REGISTERED: _NOTHING_SENT,
        S.SCHEDULED: _NOTHING_SENT,
        S.SENDING: gettext_lazy("Podrá hacerlo cuando termine o lo detenga."),
        S.CANCELLED: _CANCELLED,
    },
    "cancel": {
        S.FINISHED: gettext_lazy("Ya finalizó; un correo enviado no se puede devolver."),
        S.CANCELLED: gettext_lazy("Ya está cancelado."),
    },
}


ICONS = {
    "start": "play",
    "resume": "play",
    "schedule": "calendar",
    "stop": "pause",
    "retry": "retry",
    "cancel": "slash",
}
ASK = frozenset({"start", "schedule", "cancel"})  # the others are done at once


@dataclass(frozen=True, kw_only=True)
class Option:
    """A line of the panel. `way` is how it is taken: link, dialog (a link too) or post. Off, it says why in `note`."""

    key: str
    icon: str
    name: Words
    note: Words
    url: str
    way: str = "link"
    is_off: bool = False
    is_negative: bool = False


def looks(mailing: Mailing, role: str) -> list[Option]:
    """What shows something, in any state; trying a mail takes a role and a sending that is not over."""
    may_try = allows(role, Role.PREPARER)
    return [
        Option(
            key="documents",
            icon="invoice",
            name=_("Período y relación de facturas"),
            note=_("Ver cada factura y el correo que recibe su tercero."),
            url=reverse("mailing_documents", args=[mailing.pk]),
        ),
        Option(
            key="trial",
            icon="flask",
            name=_("Enviar email de prueba"),
            note=_("Llega igual que al tercero, marcado [PRUEBA].") if may_try else _needed(Role.PREPARER),
            url=reverse("trial", args=[mailing.pk]),
            way="dialog",
            is_off=not may_try,
        ),
        Option(
            key="recipients",
            icon="people",
            name=_("Ver listado de terceros"),
            note=_("Correos, estado de cada uno y motivos."),
            url=reverse("recipients", args=[mailing.pk]),
        ),
    ]


def moves(mailing: Mailing, progress: Progress, role: str) -> list[Option]:
    """What changes the sending. All of them always, in the same place."""
    begin = _resume(mailing, progress) if may(mailing.status, "resume") else _start(mailing, progress)
    options = [
        begin,
        _schedule(mailing),
        _option(mailing, "stop", _("Detener el envío"), _stop_note()),
        _retry(mailing, progress),
        _cancel(mailing, progress),
    ]
    return options if allows(role, Role.SENDER) else [_withheld(option) for option in options]


def _start(mailing: Mailing, progress: Progress) -> Option:
    if mailing.status == S.SCHEDULED and mailing.scheduled_for:
        note = _("Sale solo %(day)s Puede adelantarlo.") % {"day": moments.within(mailing.scheduled_for)}
    else:
        note = ngettext(
            "Sale %(n)s correo. Le pediremos confirmar.",
            "Salen %(n)s correos. Le pediremos confirmar.",
            progress.waiting,
        ) % {"n": formats.number(progress.waiting)}
    return _option(mailing, "start", _("Iniciar el envío"), note)


def _resume(mailing: Mailing, progress: Progress) -> Option:
    if mailing.status_reason in batches.REASONS:
        note = _("Terminó una tanda: mire qué volvió. Sale la siguiente.")
        return _option(mailing, "resume", _("Seguir con las demás"), note)
    note = ngettext("Sigue con el correo que falta.", "Sigue con los %(n)s correos que faltan.", progress.waiting)
    return _option(mailing, "resume", _("Reanudar el envío"), note % {"n": formats.number(progress.waiting)})


def _schedule(mailing: Mailing) -> Option:
    if mailing.status == S.SCHEDULED and mailing.scheduled_for:
        note = _("Sale solo %(day)s") % {"day": moments.within(mailing.scheduled_for)}
        return _option(mailing, "schedule", _("Cambiar la programación"), note)
    note = _("Sale solo el día y a la hora que usted escriba.")
    return _option(mailing, "schedule", _("Programar el envío"), note)


def _stop_note() -> str:
    return _("No sale ninguno más; los que van en camino terminan.")


def _retry(mailing: Mailing, progress: Progress) -> Option:
    note = ngettext("%(n)s correo falló.", "%(n)s correos fallaron.", progress.failed)
    option = _option(mailing, "retry", _("Reintentar fallidos"), note % {"n": formats.number(progress.failed)})
    return option if option.is_off or progress.failed else replace(option, note=_("No falló ninguno."), is_off=True)


def _cancel(mailing: Mailing, progress: Progress) -> Option:
    if mailing.status in {S.REGISTERED, S.SCHEDULED}:
        note = _("No se envía nada. Las facturas quedan sin enviar.")
    else:
        note = ngettext(
            "Termina aquí: el que falta no sale.", "Termina aquí: los %(n)s que faltan no salen.", progress.waiting
        ) % {"n": formats.number(progress.waiting)}
    return _option(mailing, "cancel", _("Cancelar el envío"), note)


def _option(mailing: Mailing, verb: str, name: str, note: str) -> Option:
    is_on = may(mailing.status, verb)
    return Option(
        key=verb,
        icon=ICONS[verb],
        name=name,
        note=note if is_on else WHY_NOT[verb][MailingStatus(mailing.status)],
        url=reverse(f"{verb}_mailing", args=[mailing.pk]),
        way="dialog" if verb in ASK else "post",
        is_off=not is_on,
        is_negative=verb == "cancel",
    )


def _withheld(option: Option) -> Option:
    return option if option.is_off else replace(option, note=_needed(Role.SENDER), is_off=True)


def _needed(role: Role) -> str:
    return _("Para esto hace falta el rol «%(role)s».") % {"role": role.label}
