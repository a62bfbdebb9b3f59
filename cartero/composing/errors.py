"""What can keep a mail from being composed; each fails its own letter, all others go out."""

from django.utils.translation import gettext_lazy as _

from cartero.platform.errors import CarteroError


class ComposingError(CarteroError):
    """A mail could not be composed."""


class BadAddress(ComposingError):
    """An address that cannot stand in a header: it would name someone else, or open a line of its own."""

    text = _("La dirección «%(address)s» no puede ir en un correo. Corríjala en Terceros.")


class BadMessageId(ComposingError):
    """A Message-ID that is not `left@right` in plain ASCII."""

    text = _("El identificador del correo no es válido. Vuelva a registrar el envío.")


class BadLink(ComposingError):
    """A link of the mail that is not a plain http(s) address."""

    text = _("El enlace «%(link)s» no es válido. Revise la dirección pública de Cartero.")
