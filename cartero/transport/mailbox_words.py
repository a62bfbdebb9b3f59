"""Why a mailbox could not be read, in words. What its server says like any other is told as for sending."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartero.transport.explanations import EXPLANATIONS

Words = str | Promise

_FIX_LOGIN = _("Revise el usuario y la contraseña del buzón en la cuenta de correo, y guarde.")
_IF_LASTS = _("Cartero lo intenta otra vez solo. Si dura, revise el servidor y el puerto del buzón.")
_RECONNECT = _("Vuelva a conectar la cuenta con su proveedor.")

_HAPPENED: Mapping[str, Words] = {
    "no_answer": _("El servidor del buzón no responde."),
    "mailbox_unreadable": _("El servidor no deja leer el buzón."),
    "mailbox_forbidden": _("El servidor o el puerto del buzón no están permitidos."),
    "no_sent_folder": _("No se encontró la carpeta de enviados. El buzón tiene estas:"),
    "no_reading_folder": _("No se encontró la carpeta que se lee. El buzón tiene estas:"),
    "no_moving_folder": _("No se encontró la carpeta a la que se mueve lo leído. El buzón tiene estas:"),
    "cannot_move": _("El servidor no sabe mover correos de una carpeta a otra: lo leído se queda donde está."),
    "login_refused": _("El buzón rechazó el usuario o la contraseña."),
    "app_password_needed": _("El buzón pide una contraseña de aplicación."),
    "seal_broken": _("La contraseña guardada no se puede abrir: escríbala otra vez."),
}
_YOU_CAN: Mapping[str, Words] = {
    "mailbox_forbidden": _(
        "Use un servidor público y el puerto 143 o 993. Uno de su red interna lo permite quien administra Cartero."
    ),
    "no_sent_folder": _("Escriba en la cuenta de correo el nombre de la carpeta donde queda lo enviado."),
    **dict.fromkeys(
        ("no_reading_folder", "no_moving_folder"), _("Escriba el nombre de una de ellas, o cree la carpeta.")
    ),
    "cannot_move": _("Deje vacía la carpeta a la que se mueve lo leído."),
    **dict.fromkeys(("login_refused", "app_password_needed", "no_mechanism", "login_required"), _FIX_LOGIN),
    **dict.fromkeys(("token_refused", "leave_ended", "leave_missing", "leave_refused"), _RECONNECT),
    "certificate_unknown": _("Revise el nombre del servidor del buzón."),
    "certificate_other_host": _("Revise el nombre del servidor del buzón."),
    "no_starttls": _("Revise el puerto y la seguridad del buzón."),
}


def happened(reason: str) -> Words:
    return _HAPPENED.get(reason) or EXPLANATIONS[reason].happened


def you_can(reason: str) -> Words:
    return _YOU_CAN.get(reason, _IF_LASTS)
