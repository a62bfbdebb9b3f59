"""Why a mail that is made again may differ from the one that went, in whole sentences."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

OTHERS = {
    "template": gettext_lazy("La plantilla de los PDF es otra que la de entonces."),
    "fonts": gettext_lazy("Las letras de los PDF son otras que las de entonces."),
    "frames": gettext_lazy("El marco de los correos es otro que el de entonces."),
    "code": gettext_lazy("El programa que hace los correos es otro que el de entonces."),
}
NAMES = {"cartero": "Cartero", "python": "Python", "typst": "Typst", "font-lato": "Lato"}


def changes(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """What of `recipes.made_with` is not as it was, versions before hashes."""
    changed = [name for name in then if then[name] != now.get(name, "")]
    for name in sorted(changed, key=lambda name: name in OTHERS):
        if name in OTHERS:
            yield str(OTHERS[name])
        else:
            facts = {"name": NAMES.get(name, name), "then": then[name], "now": now.get(name, "—")}
            yield _("Entonces se hizo con %(name)s %(then)s; hoy hay %(now)s.") % facts


def replaced(number: str, when: str) -> str:
    return _("%(number)s se reemplazó por otro documento después de enviarlo: %(when)s.") % {
        "number": number,
        "when": when,
    }


def stored(name: str, found: str) -> str:
    facts = {"name": name}
    if found:
        return _("El contenido guardado de %(name)s cambió: ya no es el que llegó. Recupérelo de una copia.") % facts
    return _("Falta el archivo guardado de %(name)s. Recupérelo de una copia.") % facts


def kept(found: str) -> str:
    if found:
        return _("El correo guardado cambió: ya no es el que salió.")
    return _("El correo guardado falta o está dañado.")


def unknown() -> str:
    return _("Nada de lo que Cartero guarda lo explica. Conserve todo como está y avise a quien administra Cartero.")
