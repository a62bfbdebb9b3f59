from cartero.mailings.models.delivery import Delivery, DeliveryInvoice, RenderedDocument
from cartero.mailings.models.doubt import Doubt
from cartero.mailings.models.event import Event, EventKind
from cartero.mailings.models.mailing import Mailing, Origin, Pace, Tally
from cartero.mailings.models.message_template import MessageTemplate

__all__ = [
    "Delivery",
    "DeliveryInvoice",
    "Doubt",
    "Event",
    "EventKind",
    "Mailing",
    "MessageTemplate",
    "Origin",
    "Pace",
    "RenderedDocument",
    "Tally",
]
