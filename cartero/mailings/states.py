"""Both machines, said once: page, command line, test and diagram read the same table."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MailingStatus(TextChoices):
    REGISTERED = "registered", _("Registrado")  # its content is fixed, nothing goes
    SCHEDULED = "scheduled", _("Programado")  # starts by itself at its hour
    SENDING = "sending", _("Enviando")  # workers may claim its deliveries
    STOPPED = (
        "stopped",
        _("Detenido"),
    )  # by a person, or because the account was refused
    FINISHED = "finished", _("Finalizado")
    CANCELLED = "cancelled", _("Cancelado")


class MailingKind(TextChoices):
    DELIVERY = "delivery", _("Entrega legal (DIAN)")
    COPY = "copy", _("Copia o recordatorio")


class DeliveryStatus(TextChoices):
    PENDING = "pending", _("Por enviar")
    CLAIMED = (
        "claimed",
        _("En camino"),
    )  # a worker prepares it; safe to take over when its lease ends
    TRANSMITTING = (
        "transmitting",
        _("En camino"),
    )  # its server may have it; in doubt when its lease ends
    ACCEPTED = "accepted", _("Enviado")  # its server answered 250
    DELIVERED = "delivered", _("Entregado")
    BOUNCED = "bounced", _("Rebotado")
    COMPLAINED = "complained", _("Marcado como spam")
    FAILED = "failed", _("Fallido")
    SKIPPED = "skipped", _("Excluido")  # left out when registering, with its reason
    IN_DOUBT = "in_doubt", _("En duda")
    WITHDRAWN = "withdrawn", _("Retirado")  # the mailing was cancelled before it went


class BatchThen(TextChoices):
    """What follows once a part of a mailing has waited for what bounces."""

    GO_ON = "go-on", _("Sigue con la siguiente")
    ASK = "ask", _("Espera su visto bueno")


M, D = MailingStatus, DeliveryStatus

WAITING = frozenset({D.PENDING, D.CLAIMED, D.TRANSMITTING})
SENT = frozenset({D.ACCEPTED, D.DELIVERED, D.BOUNCED, D.COMPLAINED})  # a server said 250
LEFT_OUT = frozenset({D.SKIPPED, D.WITHDRAWN})

LIVE = frozenset({M.SCHEDULED, M.SENDING})  # moves without a person
FINAL = frozenset({M.CANCELLED})
OPEN = frozenset({M.REGISTERED, M.SCHEDULED, M.SENDING, M.STOPPED})


@dataclass(frozen=True)
class Move:
    """From which statuses a verb leads to which."""

    sources: frozenset[MailingStatus]
    target: MailingStatus


MOVES: Mapping[str, Move] = {
    "schedule": Move(frozenset({M.REGISTERED, M.SCHEDULED}), M.SCHEDULED),
    "unschedule": Move(frozenset({M.SCHEDULED}), M.REGISTERED),
    "start": Move(frozenset({M.REGISTERED, M.SCHEDULED}), M.SENDING),
    "stop": Move(frozenset({M.SENDING}), M.STOPPED),
    "hold": Move(frozenset({M.SCHEDULED, M.SENDING, M.STOPPED}), M.STOPPED),
    "resume": Move(frozenset({M.STOPPED}), M.SENDING),
    "retry": Move(frozenset({M.STOPPED, M.FINISHED}), M.SENDING),
    "cancel": Move(frozenset({M.REGISTERED, M.SCHEDULED, M.SENDING, M.STOPPED}), M.CANCELLED),
    "go_on": Move(frozenset({M.FINISHED}), M.SENDING),
    "next_batch": Move(frozenset({M.SENDING}), M.SENDING),
    "finish": Move(frozenset({M.SENDING}), M.FINISHED),
}


# What came back, by the kind of its event: from which statuses it moves a delivery to which.
# A late "delivered" undoes no bounce.
RETURNS: Mapping[str, tuple[frozenset[DeliveryStatus], DeliveryStatus]] = {
    "delivered": (frozenset({D.ACCEPTED}), D.DELIVERED),
    "bounced": (frozenset({D.ACCEPTED, D.DELIVERED}), D.BOUNCED),
    "complained": (frozenset({D.ACCEPTED, D.DELIVERED}), D.COMPLAINED),
}


def may(status: str, verb: str) -> bool:
    """Whether `verb` applies to a mailing in `status`."""
    return MailingStatus(status) in MOVES[verb].sources


class LeftOut(TextChoices):
    """Why a document of the range does not go."""

    NO_ADDRESS = "no_address", _("Sin correo")
    UNUSABLE_ADDRESS = "unusable_address", _("Correo no utilizable")
    SENT_BEFORE = "sent_before", _("Ya se envió antes")
    IN_ANOTHER = "in_another", _("Está en otro envío que no ha terminado")
    NOT_VALIDATED = "not_validated", _("Sin validar por la DIAN")
    REJECTED = "rejected", _("Rechazado por la DIAN")
    NO_FILE = "no_file", _("No tiene archivo electrónico")
    EXCLUDED = "excluded", _("Excluido a mano")
    CANCELLED = "cancelled", _("El envío se canceló antes de que saliera")


class Rehearsal(TextChoices):
    """*Ensayo* of a delivery: whether its mail could be made."""

    DUE = "due", _("Por ensayar")
    RUNNING = "running", _("Ensayando")
    OK = "ok", _("Listo")
    PROBLEM = "problem", _("Con problema")
