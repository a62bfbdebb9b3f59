"""What the pages of a sending say in words: why a delivery stands as it does, and when."""

from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartero.mailings.states import LeftOut
from cartero.platform import formats
from cartero.transport.explanations import EXPLANATIONS

_PERSON = {
    "person_says_arrived": _("Alguien confirmó que llegó."),
    "person_says_resend": _("Alguien pidió enviarlo otra vez."),
}


def happened(reason: str, detail: str = "") -> str | Promise:
    """What happened; `detail` is what Cartero itself wrote when no list explains it (a PDF that could not be made)."""
    if reason in LeftOut.values:
        return detail if reason == LeftOut.UNUSABLE_ADDRESS and detail else LeftOut(reason).label
    if reason in EXPLANATIONS:
        return EXPLANATIONS[reason].happened
    return detail or _PERSON.get(reason, "")


def remedy(reason: str) -> str | Promise:
    """What she can do about it; empty where the reason says it all."""
    return EXPLANATIONS[reason].you_can if reason in EXPLANATIONS else ""


def moment(value: datetime) -> str:
    """`Hoy, 8:35 a. m.`, on the clocks of her company."""
    return formats.since(value, timezone.now(), timezone.get_current_timezone())
