from cartero.mailings.models.answer import Answer, AnswerKind
from cartero.mailings.models.attestation import Attestation, AttestationKind
from cartero.mailings.models.batches import Batches
from cartero.mailings.models.breakdown import Breakdown, Facet, Recount
from cartero.mailings.models.delivery import Delivery, DeliveryInvoice, RenderedDocument
from cartero.mailings.models.doubt import Doubt
from cartero.mailings.models.event import Event, EventKind
from cartero.mailings.models.mailing import Mailing, Origin, Pace, Tally
from cartero.mailings.models.message_template import MessageTemplate
from cartero.mailings.models.recipe import Recipe
from cartero.mailings.models.sent_mail import SentMail
from cartero.mailings.models.statement import Statement, StatementReason, StatementRun, StatementState

__all__ = [
    "Answer",
    "AnswerKind",
    "Attestation",
    "AttestationKind",
    "Batches",
    "Breakdown",
    "Delivery",
    "DeliveryInvoice",
    "Doubt",
    "Event",
    "EventKind",
    "Facet",
    "Mailing",
    "MessageTemplate",
    "Origin",
    "Pace",
    "Recipe",
    "Recount",
    "RenderedDocument",
    "SentMail",
    "Statement",
    "StatementReason",
    "StatementRun",
    "StatementState",
    "Tally",
]
