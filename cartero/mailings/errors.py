from django.utils.translation import gettext_lazy as _

from cartero.platform.errors import CarteroError


class MailingError(CarteroError):
    """Something about a mailing."""


class NotNow(MailingError):
    """The verb does not apply in the mailing's state: someone was first, or the page was old."""

    text = _("El envío ya cambió de estado. Mire cómo está ahora y vuelva a intentarlo.")


class NothingSelected(MailingError):
    """No document is in the range."""

    text = _("Ningún documento coincide con lo que eligió. Cambie el período, el rango o a quién se envía.")


class NothingToSend(MailingError):
    """Every document of the range is left out."""

    text = _("Ningún documento puede salir: todos quedan por fuera. Mire los motivos, corríjalos y vuelva a registrar.")


class NothingFailed(MailingError):
    """There is no failed delivery to try again, or all go in a resending."""

    text = _("No hay fallidos que reintentar: ya no quedan, o van en un reenvío.")


class NothingInDoubt(MailingError):
    """No delivery that was named is in doubt."""

    text = _("Este envío no tiene correos en duda, o los que nombró ya están resueltos.")


class NoSubject(MailingError):
    """A copy or a reminder without a subject, which is the company's to write."""

    text = _("Escriba un asunto, por ejemplo «Recordatorio de la factura {{ factura.numero }}».")


class LegalGrouped(MailingError):
    """A legal delivery was to hold several documents, which the company's country does not allow."""

    text = _("Una entrega legal lleva un solo documento por correo. Quite la agrupación, o registre una copia.")


class NothingOwed(MailingError):
    """No tercero that was chosen owes anything on the day, or all have their statements."""

    text = _(
        "Ninguno de los terceros que eligió debe algo al %(day)s, o ya tiene su estado de cuenta con ese corte."
        " Importe los saldos, o cambie la fecha de corte."
    )


class BackwardPeriod(MailingError):
    """The movements were to begin after the cut-off."""

    text = _("Los movimientos no pueden comenzar después de la fecha de corte.")


class UnknownGroup(MailingError):
    """No group or zone has that name."""

    text = _("No existe un grupo o zona «%(name)s».")


class TooLate(MailingError):
    """The mail has left, or is in mid-air."""

    text = _("Ese correo ya salió o va en camino; no se puede cambiar.")


class InThePast(MailingError):
    """A mailing was scheduled for a moment that has gone by."""

    text = _("La fecha y hora para salir ya pasaron. Escriba una futura.")


class UnknownField(MailingError):
    """A message holds a comodín that is not in the list."""

    text = _("El comodín «%(name)s» no existe (línea %(line)s). Elíjalo de la lista.")


class NoSuchMailing(MailingError):
    """No mailing has that id."""

    text = _("No hay un envío con el identificador %(id)s.")
