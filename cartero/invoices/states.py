"""What a document is and where its mail stands; the words the clerk sees."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class InvoiceKind(TextChoices):
    INVOICE = "invoice", _("Factura de venta")
    CREDIT_NOTE = "credit_note", _("Nota crédito")
    DEBIT_NOTE = "debit_note", _("Nota débito")
    EQUIVALENT = "equivalent", _("Documento equivalente")
    RECEIPT = "receipt", _("Recibo de caja")
    STATEMENT = "statement", _("Estado de cuenta")
    CERTIFICATE = "certificate", _("Certificado")
    OTHER = "other", _("Otro documento")


class MailStatus(TextChoices):
    """*Estado de envío* of an invoice: that of its latest delivery, written by `mailings.outcomes` alone."""

    UNSENT = "unsent", _("Sin enviar")
    QUEUED = "queued", _("En cola")
    ACCEPTED = "accepted", _("Enviada")
    DELIVERED = "delivered", _("Entregada")
    VIEWED = "viewed", _("Vista")
    BOUNCED = "bounced", _("Rebotada")
    FAILED = "failed", _("Fallida")
    IN_DOUBT = "in_doubt", _("En duda")


ARRIVED = (MailStatus.ACCEPTED, MailStatus.DELIVERED, MailStatus.VIEWED)  # a server took it and did not give it back
UNDELIVERED = (MailStatus.BOUNCED, MailStatus.FAILED)


class FileRole(TextChoices):
    """What a stored file is to its invoice. A container is passed on byte for byte."""

    CONTAINER = "container", _("Contenedor electrónico")
    XML = "xml", _("XML de la factura")
    VALIDATION = "validation", _("Respuesta de la DIAN")
    PDF = "pdf", _("Representación gráfica")
    ANNEX = "annex", _("Anexo")
    EVENT = "event", _("Evento del comprador")
    DATA = "data", _("Archivo de origen")
