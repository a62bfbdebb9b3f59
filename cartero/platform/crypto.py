"""Secrets at rest: sealed with the newest key, opened with any of them."""

from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cartero.platform.errors import CarteroError


class SealBroken(CarteroError):
    """A stored secret cannot be opened with the keys at hand."""

    text = _("No se puede leer un secreto guardado: falta la llave con que se cifró. Vuelva a escribir la contraseña.")


@cache
def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])


def seal(secret: str) -> str:
    """`secret` encrypted; empty stays empty."""
    return _keys().encrypt(secret.encode()).decode() if secret else ""


def unseal(sealed: str) -> str:
    """The secret in clear. Raises SealBroken when no key opens it."""
    if not sealed:
        return ""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken() from error


def rotate(sealed: str) -> str:
    """The same secret, sealed with the newest key."""
    return _keys().rotate(sealed.encode()).decode() if sealed else ""
