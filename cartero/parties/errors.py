from django.utils.translation import gettext_lazy as _

from cartero.platform.errors import CarteroError


class PartyError(CarteroError):
    """Something about a tercero."""


class KnownAlready(PartyError):
    """The tercero has that address, usable or put aside."""

    text = _("«%(email)s» ya está entre los correos de este tercero. Si está apartado, recupérelo.")


class TooManyAddresses(PartyError):
    """A tercero would have more addresses than one mail may go to."""

    text = _("Un tercero tiene como máximo %(most)s correos. Aparte uno antes de agregar otro.")


class NotUsable(PartyError):
    """An address that cannot receive mail was asked for as the principal one, or to be brought back as it is."""

    text = _("«%(email)s» no puede recibir correo así como está. Corríjalo.")


class NothingToUndo(PartyError):
    """The change is no longer the last one."""

    text = _("Ese cambio ya no se puede deshacer: el correo cambió después.")


class TaxIdTaken(PartyError):
    """Another tercero of the company has that id."""

    text = _("Ya hay un tercero con ese NIT o cédula: %(name)s.")


class GroupExists(PartyError):
    """The company has a group or zone of that name."""

    text = _("Ya existe «%(name)s».")
