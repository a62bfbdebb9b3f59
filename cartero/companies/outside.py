"""The address under which those who receive mails reach Cartero, and what becomes of their links where it is wrong."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MISSING = _("Los correos salen sin enlace: Cartero no sabe con qué dirección se llega a él desde afuera.")
ONLY_HERE = _(
    "Los enlaces de los correos solo se abren en el equipo donde está Cartero: a quien los recibe no le abren."
)
IN_THE_CLEAR = _(
    "Los enlaces de los correos van por http: en el camino otros pueden leer los documentos, los navegadores lo "
    "advierten a quien los abre, y la baja de un clic no funciona."
)


def trouble() -> Promise | str:
    """What is wrong with it, in a sentence; empty where nothing is. No mail of a demonstration leaves its machine."""
    address = urlsplit(settings.LINKS_URL)
    if settings.MAILBOX_PORT:
        return ""
    if not address.hostname:
        return MISSING
    if _is_here(address.hostname):
        return ONLY_HERE
    return "" if address.scheme == "https" else IN_THE_CLEAR


def _is_here(host: str) -> bool:
    return host in ("localhost", "::1", "0.0.0.0") or host.endswith(".localhost") or host.startswith("127.")  # noqa: S104  # compared alone
