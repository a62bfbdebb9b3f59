"""A document is about to change: one that is on its way may not. (PDFs drawn before are forgotten by a trigger.)"""

from django.utils.translation import gettext_lazy as _

from cartero.invoices.models import Invoice
from cartero.mailings.errors import MailingError
from cartero.mailings.models import Delivery
from cartero.mailings.states import WAITING, MailingStatus


class DocumentOnItsWay(MailingError):
    """A running sending still has a mail that carries the document."""

    text = _("%(number)s va en el envío %(mailing)s, que está saliendo. Deténgalo o espere, y decida después.")


def make_way(invoice: Invoice) -> None:
    """To be called in the transaction that changes it. Raises DocumentOnItsWay."""
    going = Delivery.objects.of(invoice.company).filter(invoices=invoice, mailing__status=MailingStatus.SENDING)
    mailing = going.filter(status__in=WAITING).values_list("mailing__number", flat=True).first()
    if mailing is not None:
        raise DocumentOnItsWay(number=invoice.number, mailing=mailing)
