"""Why a mail stands as it does, in words: what happened, and what she can do about it."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartero.mailings.doubts import EvidenceKind
from cartero.mailings.states import LeftOut
from cartero.transport import replies
from cartero.transport.explanations import EXPLANATIONS
from cartero.transport.replies import Fail, Reply, Stage

Words = str | Promise

_OWN: dict[str, Words] = {
    "person_says_arrived": _("Alguien confirmó que llegó."),
    "person_says_resend": _("Alguien pidió enviarlo otra vez."),
    "found_in_sent": EvidenceKind.SENT_FOLDER.label,
    "rule_says_resend": _("Nadie supo en una hora si llegó, y la regla de la empresa es reenviar."),
    "some_refused": _("Llegó a unas direcciones y a otras no."),
    "restored": _("Estos datos vienen de una copia de respaldo; lo que muestran por enviar pudo haber salido después."),
    "kills_worker": _("Prepararlo apagó a Cartero cinco veces; los demás correos salieron."),
    "not_made": _("No se pudo preparar el correo por un error de Cartero."),
    "worker_died": _("Cartero se apagó mientras el correo salía: pudo llegar o no."),
}
_REPLIED = re.compile(r"(?:(?P<address>\S+@\S+): )?(?P<code>\d{3})(?: (?P<text>.*))?", re.DOTALL)
_UNMADE = _("No se pudo preparar el correo.")


def happened(reason: str, detail: str = "") -> Words:
    """`detail` is what Cartero itself wrote where no list explains the reason (a PDF that could not be made)."""
    if reason in LeftOut.values:
        return of_address(detail)[0] if reason == LeftOut.UNUSABLE_ADDRESS and detail else LeftOut(reason).label
    if reason in EXPLANATIONS:
        return EXPLANATIONS[reason].happened
    return detail or _OWN.get(reason, _UNMADE if reason else "")


def remedy(reason: str) -> Words:
    """Empty where the reason says it all."""
    if reason == "restored":
        return _("Compare con los correos enviados de la cuenta y después reanude o cancele el envío.")
    if reason == "worker_died":
        return EXPLANATIONS["broken_after_dot"].you_can
    return EXPLANATIONS[reason].you_can if reason in EXPLANATIONS else ""


def of_address(kept: str) -> tuple[Words, str]:
    """Why nothing goes to an address, and the server's code. What is kept of a bounce is what its server said."""
    if kept in EXPLANATIONS:
        return EXPLANATIONS[kept].happened, ""
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
