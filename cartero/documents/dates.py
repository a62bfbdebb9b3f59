"""Days as a document writes them: in Spanish, whatever language the pages and mails of Cartero are in."""

from datetime import date

_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)


def short(day: date) -> str:
    """`1 jul 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def long(day: date) -> str:
    """`24 de noviembre de 2026`."""
    return f"{day.day} de {_MONTHS[day.month - 1]} de {day.year}"
