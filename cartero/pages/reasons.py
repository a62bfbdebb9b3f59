"""Why a mail stands as it does, in words: what happened, and what she can do about it."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartero.mailings import batches, lifecycle
from cartero.mailings.doubts import EvidenceKind
from cartero.mailings.states import LeftOut
from cartero.transport import replies
from cartero.transport.explanations import EXPLANATIONS
from cartero.transport.replies import Fail, Reply, Stage

Words = str | Promise

_OWN: dict[str, Words] = {
    "person_says_arrived": _("Alguien confirmó que llegó."),
    "person_says_resend": _("Alguien pidió enviarlo otra vez."),
    **{kind.value: kind.label for kind in EvidenceKind},
    "rule_says_resend": _("Nadie supo en una hora si llegó, y la regla de la empresa es reenviar."),
    "some_refused": _("Llegó a unas direcciones y a otras no."),
    "returned": _("Volvió, y ningún servidor dijo por qué."),
    "complained": _("Quien lo recibió lo marcó como spam."),
    "never_reached": _("Su servidor no lo recibió en varios días."),
    **batches.REASONS,
    "unsubscribed": _("Pidió no recibir copias ni recordatorios."),
    "restored": _("Estos datos vienen de una copia de respaldo; lo que muestran por enviar pudo haber salido después."),
    lifecycle.FILES_AWAY: _("No se pueden leer los archivos guardados."),
    "kills_worker": _("Prepararlo apagó a Cartero cinco veces; los demás correos salieron."),
    "not_made": _("No se pudo preparar el correo por un error de Cartero."),
    "opened_by_program": _("Abrió el enlace un filtro de correo u otro programa: no cuenta como vista."),
    "opened_by_somebody": _("No se sabe si fue una persona, y nadie presionó nada: no cuenta como vista."),
    "image_by_program": _("Cargó la imagen del correo un programa, por sí solo: no cuenta como vista."),
    "image_by_somebody": _("No se sabe si fue una persona o su programa de correo: no cuenta como vista."),
    "worker_died": _("Cartero se apagó mientras el correo salía: pudo llegar o no."),
}
# Another address mends these; of the others, somebody looks at the account or at the document.
_OF_ADDRESS = frozenset(
    {
        *("no_mailbox", "no_domain", "bad_address", "mailbox_moved", "mailbox_off", "mailbox_full", "mailbox_busy"),
        *("recipient_refused", "needs_smtputf8", "suppressed_by_provider", "not_delivered_in_48_h", "never_reached"),
        *("returned", "some_refused"),
    }
)
_REPLIED = re.compile(r"(?:(?P<address>\S+@\S+): )?(?P<code>\d{3})(?: (?P<text>.*))?", re.DOTALL)
_UNSUBSCRIBED = ": unsubscribed"  # as mailings_selection writes it
_UNMADE = _("No se pudo preparar el correo.")


def happened(reason: str, detail: str = "") -> Words:
    """`detail` is what Cartero itself wrote where no list explains the reason (a PDF that could not be made), or where
    it knows more than the list (both sizes)."""
    if reason in LeftOut.values:
        return of_address(detail)[0] if reason == LeftOut.UNUSABLE_ADDRESS and detail else LeftOut(reason).label
    if reason in EXPLANATIONS and not (reason == "too_large" and detail):
        return EXPLANATIONS[reason].happened
    return detail or _OWN.get(reason, _UNMADE if reason else "")


def remedy(reason: str) -> Words:
    """Empty where the reason says it all."""
    if reason == "restored":
        return _("Compare con los correos enviados de la cuenta y después reanude o cancele el envío.")
    if reason == lifecycle.FILES_AWAY:
        return _("Cartero mira cada pocos segundos y sigue solo. Si dura, avise a quien administra Cartero.")
    if reason == "worker_died":
        return EXPLANATIONS["broken_after_dot"].you_can
    return EXPLANATIONS[reason].you_can if reason in EXPLANATIONS else ""


def is_of_address(reason: str) -> bool:
    """Whether correcting the address is what mends it."""
    return reason in _OF_ADDRESS


def of_address(kept: str) -> tuple[Words, str]:
    """Why nothing goes to an address, and the server's code. What is kept of a bounce is what its server said."""
    if kept in EXPLANATIONS:
        return EXPLANATIONS[kept].happened, ""
    if kept.endswith(_UNSUBSCRIBED):
        asked = _("%(address)s: pidió no recibir copias ni recordatorios.")
        return str(asked) % {"address": kept.removesuffix(_UNSUBSCRIBED)}, ""
    replied = _REPLIED.fullmatch(kept)
    if replied is None:
        return kept, ""
    reply = Reply(stage=Stage.RCPT, code=int(replied["code"]), text=replied["text"] or "")
    verdict = replies.judge(reply)
    if not isinstance(verdict, Fail):
        return kept, ""
    words = EXPLANATIONS[verdict.reason].happened
    return f"{replied['address']}: {words}" if replied["address"] else words, _code(reply)


def code_of(kept: str) -> str:
    """`550 5.1.1` of a server's reply; empty where it is none."""
    replied = _REPLIED.fullmatch(kept)
    return _code(Reply(stage=Stage.RCPT, code=int(replied["code"]), text=replied["text"] or "")) if replied else ""


def _code(reply: Reply) -> str:
    return f"{reply.code} {reply.enhanced}".strip()
