"""What asks for her attention: how many, in a sentence, and the way to the place where it is mended."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from cartero.companies.models import Company
from cartero.importing.models import Conflict
from cartero.invoices.models import Invoice
from cartero.invoices.states import MailStatus
from cartero.mailings import answers, batches
from cartero.mailings.models import Delivery, Mailing
from cartero.mailings.states import MailingStatus
from cartero.pages import moments, reasons
from cartero.pages.keeping import kept
from cartero.parties.models import Address, AddressState
from cartero.platform import formats
from cartero.tracking.models import Receipt
from cartero.transport.models import MailAccount

MOST_REASONS = 3
TO_MEND = {
    AddressState.BOUNCED: ngettext_lazy("%(n)s rebotado", "%(n)s rebotados", "count"),
    AddressState.INVALID: ngettext_lazy("%(n)s inválido", "%(n)s inválidos", "count"),
    AddressState.NOT_THEIRS: ngettext_lazy("%(n)s que no es suyo", "%(n)s que no son suyos", "count"),
    AddressState.DOUBTFUL: ngettext_lazy("%(n)s dudoso", "%(n)s dudosos", "count"),
}


@dataclass(frozen=True, kw_only=True)
class Matter:
    """Something that asks for attention, and where it is mended."""

    icon: str
    tone: str
    title: str
    text: str
    action: str
    place: str  # the name of a URL
    query: str = ""
    pk: int | None = None


def of(company: Company, period: date, by_status: Mapping[str, int], unreachable: int) -> list[Matter]:
    """The worst first. `by_status` counts the period's documents; `unreachable` those nobody can be mailed for."""
    wrong = to_mend(company)
    return [
        *_stopped_accounts(company),
        *_batches(company),
        *_in_doubt(company),
        *_answers(company),
        *_undelivered(company, period, by_status, to_correct=bool(wrong)),
        *_addresses(wrong),
        *_unreachable(unreachable),
        *_conflicts(company),
        *_strangers(company),
        *_sendings(company),
    ]


def _stopped_accounts(company: Company) -> Iterator[Matter]:
    for account in MailAccount.objects.of(company).active().exclude(stopped_reason=""):
        yield Matter(
            icon="pause",
            tone="negative",
            title=_("La cuenta %(address)s no deja enviar") % {"address": account.from_address},
            text=account.stopped_reply,
            action=_("Revisar la cuenta"),
            place="mail_account",
            pk=account.pk,
        )


def _batches(company: Company) -> Iterator[Matter]:
    for mailing in batches.asking(company).order_by("-number"):
        batch = batches.standing(mailing)
        if batch is None:
            continue
        facts = {"number": mailing.number, "batch": formats.number(batch.number), "total": formats.number(batch.total)}
        is_bad = mailing.status_reason == batches.BOUNCED
        yield Matter(
            icon="bounce" if is_bad else "pause",
            tone="negative" if is_bad else "warning",
            title=_("La tanda %(batch)s de %(total)s del envío %(number)s espera su visto bueno") % facts,
            text=_("Correos de la tanda: %(mails)s. Volvieron o fallaron: %(returned)s.")
            % {"mails": formats.number(batch.mails), "returned": formats.number(batch.returned)},
            action=_("Ver y seguir"),
            place="mailing",
            pk=mailing.pk,
        )


def _in_doubt(company: Company) -> Iterator[Matter]:
    mails = Delivery.objects.of(company).in_doubt().count()
    if mails:
        title = ngettext("%(n)s correo en duda", "%(n)s correos en duda", mails)
        yield Matter(
            icon="help",
            tone="warning",
            title=title % {"n": formats.number(mails)},
            text=_("Se cortó la conexión justo cuando salían: pudieron llegar o no. No se repiten sin saberlo."),
            action=_("Revisar"),
            place="doubts",
        )


def _answers(company: Company) -> Iterator[Matter]:
    n = answers.waiting(company)
    if n:
        title = ngettext("%(n)s respuesta de quien recibió", "%(n)s respuestas de quienes recibieron", n)
        yield Matter(
            icon="mail",
            tone="warning",
            title=title % {"n": formats.number(n)},
            text=_("Tienen una observación, dicen que el correo no es suyo, o no quieren recibir más."),
            action=_("Responder"),
            place="answers",
        )


def _undelivered(company: Company, period: date, by_status: Mapping[str, int], *, to_correct: bool) -> Iterator[Matter]:
    """Those that came back; those that failed by their address; those that failed by what Cartero or the server did."""
    bounced, failed = by_status.get(MailStatus.BOUNCED, 0), by_status.get(MailStatus.FAILED, 0)
    why = _reasons(company, period) if bounced or failed else {}
    if bounced:
        title = ngettext("%(n)s factura rebotó", "%(n)s facturas rebotaron", bounced)
        text = _sentence(why.get(MailStatus.BOUNCED, [])) or _("Salieron, y quien las recibe las devolvió.")
        where = _list(period, MailStatus.BOUNCED)
        yield _by_address(title % {"n": formats.number(bounced)}, text, where, to_correct=to_correct)
    by_address = [each for each in why.get(MailStatus.FAILED, []) if reasons.is_of_address(each[0])]
    others = [each for each in why.get(MailStatus.FAILED, []) if not reasons.is_of_address(each[0])]
    if n := sum(count for _reason, count in by_address):
        title = ngettext("%(n)s factura falló por su correo", "%(n)s facturas fallaron por su correo", n)
        where = _list(period, MailStatus.FAILED)
        yield _by_address(title % {"n": formats.number(n)}, _sentence(by_address), where, to_correct=to_correct)
    if n := sum(count for _reason, count in others):
        title = ngettext("%(n)s factura falló", "%(n)s facturas fallaron", n)
        yield Matter(
            icon="fail",
            tone="negative",
            title=title % {"n": formats.number(n)},
            text=_sentence(others),
            action=_("Ver motivos"),
            place="invoices",
            query=_list(period, MailStatus.FAILED),
        )


def _by_address(title: str, text: str, listed: str, *, to_correct: bool) -> Matter:
    """Mended among the addresses; once these are right, by sending what is `listed` again."""
    return Matter(
        icon="bounce",
        tone="negative",
        title=title,
        text=text,
        action=_("Corregir correos") if to_correct else _("Enviar de nuevo"),
        place="addresses_to_mend" if to_correct else "invoices",
        query="" if to_correct else listed,
    )


def _reasons(company: Company, period: date) -> Mapping[str, list[tuple[str, int]]]:
    """Reasons of what bounced or failed, with how many, the most frequent first. By the index `invoice_returned`."""
    counted = Invoice.objects.of(company).undelivered().filter(period=period).order_by()
    grouped = counted.values_list("mail_status", "mail_reason").annotate(n=Count("pk"))
    rows = kept(f"returned:{company.pk}:{period}", lambda: sorted(grouped, key=lambda row: -row[2]))
    found: dict[str, list[tuple[str, int]]] = {}
    for status, reason, n in rows:
        found.setdefault(status, []).append((reason, n))
    return found


def _sentence(counted: Iterable[tuple[str, int]]) -> str:
    """`El buzón no existe: 12 · El buzón está lleno: 3`"""
    known = [(str(reasons.happened(reason)), n) for reason, n in counted if reason]
    return " · ".join(f"{words.rstrip('.')}: {formats.number(n)}" for words, n in known[:MOST_REASONS] if words)


def _list(period: date, status: MailStatus) -> str:
    return f"?periodo={period:%Y-%m}&estado={status}"


def _addresses(counted: Mapping[str, int]) -> Iterator[Matter]:
    n = sum(counted.values())
    if n:
        title = ngettext("%(n)s correo de terceros por corregir", "%(n)s correos de terceros por corregir", n)
        parts = [
            TO_MEND[AddressState(state)] % {"n": formats.number(count), "count": count}
            for state, count in counted.items()
        ]
        yield Matter(
            icon="pencil",
            tone="warning",
            title=title % {"n": formats.number(n)},
            text=" · ".join(parts),
            action=_("Corregir correos"),
            place="addresses_to_mend",
        )


def to_mend(company: Company) -> dict[str, int]:
    """How many addresses of its terceros are in each state that asks for mending. By the index `address_to_mend`."""
    grouped = Address.objects.of(company).to_mend().order_by().values_list("state").annotate(n=Count("pk"))
    return kept(f"to_mend:{company.pk}", lambda: dict(sorted(grouped, key=lambda row: -row[1])))


def _unreachable(documents: int) -> Iterator[Matter]:
    if documents:
        title = ngettext("%(n)s factura sin correo utilizable", "%(n)s facturas sin correo utilizable", documents)
        yield Matter(
            icon="warning",
            tone="warning",
            title=title % {"n": formats.number(documents)},
            text=_("Sus terceros no tienen correo, o el que tienen no sirve. No salen hasta que los complete."),
            action=_("Completar"),
            place="parties",
            query="?correo=sin",
        )


def _conflicts(company: Company) -> Iterator[Matter]:
    n = Conflict.objects.of(company).open().count()
    if n:
        title = ngettext(
            "%(n)s documento importado dos veces, distinto", "%(n)s documentos importados dos veces, distintos", n
        )
        yield Matter(
            icon="import",
            tone="warning",
            title=title % {"n": formats.number(n)},
            text=_("Llegó otro con el mismo número y otro contenido. Decida cuál queda."),
            action=_("Decidir"),
            place="conflicts",
        )


def _strangers(company: Company) -> Iterator[Matter]:
    """What came back and is of none of an account's mails, until somebody has looked at it."""
    grouped = Receipt.objects.of(company).unreviewed().order_by("account").values_list("account", "account__name")
    for account, name, n in grouped.annotate(n=Count("pk")):
        title = ngettext("%(n)s aviso de ningún correo suyo", "%(n)s avisos de ningún correo suyo", n)
        yield Matter(
            icon="bounce",
            tone="muted",
            title=title % {"n": formats.number(n)},
            text=_("Llegaron a la cuenta %(name)s y no cambiaron nada.") % {"name": name},
            action=_("Revisar"),
            place="strangers",
            pk=account,
        )


def _sendings(company: Company) -> Iterator[Matter]:
    waiting = Q(status__in=(MailingStatus.STOPPED, MailingStatus.SCHEDULED)) | Q(
        status=MailingStatus.REGISTERED, rehearsal_problems__gt=0
    )
    others = Mailing.objects.of(company).filter(waiting).exclude(status_reason__in=batches.REASONS)
    for mailing in others.order_by("-number")[:5]:
        facts = {"number": mailing.number, "name": mailing.name}
        if mailing.status == MailingStatus.STOPPED:
            icon, tone, title = "pause", "warning", _("El envío %(number)s está detenido") % facts
        elif mailing.status == MailingStatus.SCHEDULED and mailing.scheduled_for:
            facts["when"] = moments.within(mailing.scheduled_for)
            icon, tone, title = "clock", "muted", _("El envío %(number)s sale %(when)s") % facts
        else:
            icon, tone, title = "flask", "warning", _("El ensayo del envío %(number)s encontró problemas") % facts
        yield Matter(
            icon=icon, tone=tone, title=title, text=mailing.name, action=_("Revisar"), place="mailing", pk=mailing.pk
        )
