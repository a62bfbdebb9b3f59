"""Money, numbers, dates, hours and sizes as es-CO writes them. Their words are gettext's, their figures are not."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache, wraps

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

_MONTHS = (
    gettext_lazy("enero"),
    gettext_lazy("febrero"),
    gettext_lazy("marzo"),
    gettext_lazy("abril"),
    gettext_lazy("mayo"),
    gettext_lazy("junio"),
    gettext_lazy("julio"),
    gettext_lazy("agosto"),
    gettext_lazy("septiembre"),
    gettext_lazy("octubre"),
    gettext_lazy("noviembre"),
    gettext_lazy("diciembre"),
)
MINUTE, HOUR, DAY = 60, 3600, 86400
CENTS = 2
SPANISH = str.maketrans(",.", ".,")


def number(value: Decimal | int, decimals: int | None = None) -> str:
    """`1.185`, `1.234,5`: `decimals` of them, rounded half to even (NTC 3711); without it, as many as the value has."""
    if decimals is not None:
        return f"{Decimal(value):,.{decimals}f}".translate(SPANISH)
    whole, _point, fraction = f"{Decimal(value):,f}".partition(".")
    return ".".join(filter(None, (whole, fraction.rstrip("0")))).translate(SPANISH)


@lru_cache(maxsize=1024)  # a mail says the same amount several times
def money(amount: Decimal, currency: str = "COP", *, most_decimals: int = CENTS) -> str:
    """`$ 1.250.000,00`, `-$ 500,00`, `USD 14.024,07`. A unit price keeps up to `most_decimals`, if it has them."""
    exact = len(f"{amount:f}".partition(".")[2].rstrip("0"))
    shown = number(abs(amount), max(CENTS, min(exact, most_decimals)))
    sign = "-" if amount < 0 and shown.strip("0,") else ""
    return f"{sign}{'$' if currency in ('COP', '') else currency} {shown}"


def percent(value: Decimal | int) -> str:
    """`62 %`, `0,966 %`."""
    return f"{number(value)} %"


def nit(tax_id: str, check_digit: str = "") -> str:
    """`900.377.216-7`. What is not all digits (a passport) is shown as it is."""
    shown = number(int(tax_id)) if tax_id.isascii() and tax_id.isdigit() and not tax_id.startswith("0") else tax_id
    return f"{shown}-{check_digit}" if check_digit else shown


def _kept(write: Callable[[date], str]) -> Callable[[date], str]:
    """Written once for each day and language: a mail says several, and looking words up is dear."""

    @lru_cache(maxsize=1024)
    def once(day: date, _language: str | None) -> str:
        return write(day)

    @wraps(write)
    def written(day: date) -> str:
        return once(day, get_language())

    return written


@_kept
def date_short(day: date) -> str:
    """`1 jul 2026`."""
    return f"{day.day} {_named(day)[:3]} {day.year}"


@_kept
def date_long(day: date) -> str:
    """`24 de noviembre de 2026`."""
    return _("%(day)d de %(month)s de %(year)d") % {"day": day.day, "month": _named(day), "year": day.year}


@_kept
def month(day: date) -> str:
    """The month that is billed: `julio de 2026`."""
    return _("%(month)s de %(year)d") % {"month": _named(day), "year": day.year}


@_kept
def month_short(day: date) -> str:
    """`Jul 2026`, for a column."""
    return f"{_named(day)[:3].capitalize()} {day.year}"


def _named(day: date) -> str:
    return str(_MONTHS[day.month - 1])


def clock(hour: time, *, seconds: bool = False) -> str:
    """`8:37 a. m.`, with `seconds` `8:37:05 a. m.`."""
    half = "a. m." if hour.hour < 12 else "p. m."
    shown = f"{hour.hour % 12 or 12}:{hour.minute:02}"
    return f"{shown}:{hour.second:02} {half}" if seconds else f"{shown} {half}"


def time_of_day(moment: datetime, tz: tzinfo) -> str:
    """The hour of an aware `moment` on the clocks of `tz`: `8:37 a. m.`, which no line breaks."""
    return clock(moment.astimezone(tz).time()).replace(" ", "\N{NO-BREAK SPACE}")


def since(moment: datetime, now: datetime, tz: tzinfo) -> str:
    """`Hoy, 8:35 a. m.`, `Ayer, …`, `Mañana, …`, else `1 jul 2026, 8:35 a. m.`; both aware, days reckoned in `tz`."""
    day, today = moment.astimezone(tz).date(), now.astimezone(tz).date()
    hour = time_of_day(moment, tz)
    if day == today:
        return _("Hoy, %(hour)s") % {"hour": hour}
    if day == today - timedelta(days=1):
        return _("Ayer, %(hour)s") % {"hour": hour}
    if day == today + timedelta(days=1):
        return _("Mañana, %(hour)s") % {"hour": hour}
    return f"{date_short(day)}, {hour}"


def told(moment: datetime, now: datetime, tz: tzinfo, *, about: bool = False) -> str:
    """The same within a sentence: `hoy a las 8:35 a. m.`, `el 1 jul 2026 a la 1:05 p. m.`; `about` says `hacia las`."""
    day, today, hour = moment.astimezone(tz).date(), now.astimezone(tz).date(), time_of_day(moment, tz)
    near = {-1: _("ayer"), 0: _("hoy"), 1: _("mañana")}
    which = near.get((day - today).days) or _("el %(day)s") % {"day": date_short(day)}
    oclock = moment.astimezone(tz).hour % 12 or 12
    if about:
        return f"{which} {ngettext('hacia la %(hour)s', 'hacia las %(hour)s', oclock) % {'hour': hour}}"
    return f"{which} {ngettext('a la %(hour)s', 'a las %(hour)s', oclock) % {'hour': hour}}"


def duration(seconds: float) -> str:
    """How long it takes, in round words: `menos de un minuto`, `unos 4 minutos`, `unas 2 horas`, `unos 3 días`."""
    if seconds < MINUTE:
        return _("menos de un minuto")
    minutes, hours, days = round(seconds / MINUTE), round(seconds / HOUR), round(seconds / DAY)
    if minutes < 90:
        return ngettext("cerca de un minuto", "unos %(count)d minutos", minutes) % {"count": minutes}
    if hours < 36:
        return ngettext("cerca de una hora", "unas %(count)d horas", hours) % {"count": hours}
    return ngettext("cerca de un día", "unos %(count)d días", days) % {"count": days}


def size(octets: int) -> str:
    """`812 bytes`, `35 KB`, `2,1 MB`; a KB is 1.024 bytes, as DIAN's limit of 2 MB counts them."""
    if octets < 1024:
        return ngettext("%(count)d byte", "%(count)d bytes", octets) % {"count": octets}
    kilobytes = Decimal(octets) / 1024
    if kilobytes < 1000:
        return f"{number(kilobytes, 0)} KB"
    return f"{number(round(kilobytes / 1024, 1))} MB"
