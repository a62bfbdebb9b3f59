"""`cartero mailing …`: what the window of sendings does, for programs."""

import re
import time
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from cartero.cli.printing import tell, tell_lines
from cartero.cli.spanish import noop as _
from cartero.cli.spanish import spoken
from cartero.cli.standing import tell_mailing
from cartero.cli.texts import text_of
from cartero.companies import members
from cartero.companies.models import Company
from cartero.invoices.states import InvoiceKind
from cartero.mailings import (
    attesting,
    batches,
    doubts,
    lifecycle,
    listing,
    messages,
    registering,
    rehearsing,
    reports,
    resending,
    verifying,
)
from cartero.mailings.attesting import Asked
from cartero.mailings.batches import Plan
from cartero.mailings.errors import NoSubject, NoSuchMailing, NothingInDoubt, UnknownGroup
from cartero.mailings.models import Delivery, Mailing
from cartero.mailings.registering import Draft
from cartero.mailings.resending import Which
from cartero.mailings.selection import Audience, Selection
from cartero.mailings.states import LIVE, BatchThen, MailingKind, MailingStatus, Rehearsal
from cartero.mailings.verifying import Difference, Verified
from cartero.parties.models import Group
from cartero.platform import queue
from cartero.transport import accounts

MOST_SEQUENCE = 2**63 - 1  # that the database can hold
POLL = 0.2  # seconds between two looks at a mailing that somebody waits for

app = typer.Typer(no_args_is_help=True)
Id = Annotated[int, typer.Argument(metavar="ID", help=_("Identificador del envío."))]
AsJson = Annotated[bool, typer.Option("--json", help=_("Responde con un objeto JSON."))]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help=_("Día, AAAA-MM-DD."))]


@app.command(help=_("Registra un envío: fija qué se envía y a quién. Nada sale hasta que se inicie."))
def register(
    company: Annotated[str, typer.Option(help=_("NIT de la empresa."))],
    kind: Annotated[MailingKind, typer.Option(help=_("delivery: entrega legal; copy: copia o recordatorio."))],
    grouped: Annotated[bool, typer.Option("--group", help=_("Un solo correo por tercero."))] = False,
    period: Annotated[str | None, typer.Option(help=_("Período, AAAA-MM."))] = None,
    document_kind: Annotated[InvoiceKind | None, typer.Option(help=_("Solo los documentos de este tipo."))] = None,
    prefix: Annotated[str | None, typer.Option(help=_("Prefijo."))] = None,
    number_from: Annotated[int | None, typer.Option(min=0, max=MOST_SEQUENCE, help=_("Primer consecutivo."))] = None,
    number_to: Annotated[int | None, typer.Option(min=0, max=MOST_SEQUENCE, help=_("Último consecutivo."))] = None,
    date_from: Day = None,
    date_to: Day = None,
    group_name: Annotated[str | None, typer.Option(help=_("Solo los terceros de este grupo o zona."))] = None,
    only_with_balance: Annotated[bool, typer.Option("--with-balance", help=_("Solo los que tienen saldo."))] = False,
    only_overdue: Annotated[bool, typer.Option("--overdue", help=_("Solo los vencidos."))] = False,
    only_unsent: Annotated[bool, typer.Option("--not-sent-before", help=_("Solo lo que no se ha enviado."))] = False,
    unvalidated_too: Annotated[bool, typer.Option("--unvalidated", help=_("También lo no validado."))] = False,
    subject: Annotated[str | None, typer.Option(help=_("Asunto; en una entrega legal lo fija la DIAN."))] = None,
    message_file: Annotated[Path | None, typer.Option(help=_("Archivo con el mensaje, texto o HTML."))] = None,
    account: Annotated[str | None, typer.Option(help=_("Nombre de la cuenta de correo."))] = None,
    name: Annotated[str, typer.Option(help=_("Nombre del envío."))] = "",
    batch_size: Annotated[
        int | None, typer.Option(min=1, max=batches.MOST_MAILS, help=_("Por tandas de tantos correos."))
    ] = None,
    batch_wait_minutes: Annotated[
        int, typer.Option(min=1, max=batches.MOST_MINUTES, help=_("Minutos que espera por lo que rebote una tanda."))
    ] = 30,
    batch_then: Annotated[
        BatchThen, typer.Option(help=_("go-on: sigue sola; ask: espera a que alguien la reanude."))
    ] = BatchThen.ASK,
    as_json: AsJson = False,
) -> None:
    owner = members.company_by_tax_id(company)
    chosen = Selection(
        kind=kind,
        is_grouped=grouped,
        period=_month(period),
        document_kind=document_kind.value if document_kind else "",
        prefix=prefix,
        number_from=number_from,
        number_to=number_to,
        date_from=date_from.date() if date_from else None,
        date_to=date_to.date() if date_to else None,
        audience=Audience.GROUP if group_name else Audience.EVERYONE,
        group=_group(owner, group_name),
        only_with_balance=only_with_balance,
        only_overdue=only_overdue,
        only_unsent=only_unsent,
        unvalidated_too=unvalidated_too,
    )
    first_subject, first_message = messages.starting_from(owner, kind)
    message = messages.from_text(text_of(message_file)) if message_file else first_message
    draft = Draft(
        name=name or str(kind.label),
        account=accounts.by_name(owner, account),
        subject=_subject(kind, subject, first_subject),
        message_html=message,
        batches=Plan(size=batch_size, wait_minutes=batch_wait_minutes, then=batch_then) if batch_size else None,
    )
    mailing = registering.register(owner, chosen, draft, by=None, now=timezone.now())
    tell_mailing(mailing, as_json=as_json)


@app.command(help=_("Ensayo: hace y revisa cada correo sin enviar ninguno, y dice qué fallaría."))
def check(
    mailing_id: Id,
    timeout: Annotated[float, typer.Option(help=_("Segundos que espera como máximo."))] = 3600,
    as_json: AsJson = False,
) -> None:
    mailing = _mailing(mailing_id)
    deadline = time.monotonic() + timeout
    is_whole = _rehearse(mailing)
    while not is_whole and time.monotonic() < deadline:
        time.sleep(POLL)
        is_whole = _rehearse(mailing)
    mailing.refresh_from_db()
    problems = [
        {"id": delivery.pk, "to": delivery.to, "reason": delivery.rehearsal_reason, "detail": delivery.rehearsal_detail}
        for delivery in Delivery.objects.of(mailing.company).filter(mailing=mailing, rehearsal=Rehearsal.PROBLEM)
    ]
    facts = {"id": mailing.pk, "checked": mailing.rehearsed, "problems": problems}
    line = spoken(_("Ensayo: %(checked)s correos hechos, %(problems)s con problema."))
    tell(facts, line % {"checked": mailing.rehearsed, "problems": len(problems)}, as_json=as_json)
    if not is_whole:
        typer.echo(spoken(_("El Ensayo del envío %(id)s no ha terminado.")) % {"id": mailing.pk}, err=True)
        raise typer.Exit(1)


@app.command(help=_("Inicia el envío."))
def start(mailing_id: Id, as_json: AsJson = False) -> None:
    _do("start", mailing_id, as_json=as_json)


@app.command(help=_("Detiene el envío: no empieza ningún correo más."))
def stop(mailing_id: Id, as_json: AsJson = False) -> None:
    _do("stop", mailing_id, as_json=as_json)


@app.command(help=_("Reanuda un envío detenido."))
def resume(mailing_id: Id, as_json: AsJson = False) -> None:
    _do("resume", mailing_id, as_json=as_json)


@app.command("next-batch", help=_("Termina la espera de una tanda: sale la siguiente."))
def next_batch(mailing_id: Id, as_json: AsJson = False) -> None:
    _do("next_batch", mailing_id, as_json=as_json)


@app.command(help=_("Vuelve a enviar solo lo que falló."))
def retry(mailing_id: Id, as_json: AsJson = False) -> None:
    _do("retry", mailing_id, as_json=as_json)


@app.command(help=_("Cancela el envío: lo que falta no sale."))
def cancel(mailing_id: Id, as_json: AsJson = False) -> None:
    _do("cancel", mailing_id, as_json=as_json)


@app.command(help=_("Dice en qué va el envío."))
def show(mailing_id: Id, as_json: AsJson = False) -> None:
    tell_mailing(_mailing(mailing_id), as_json=as_json)


@app.command(help=_("Una línea JSON por cada correo, y por cada documento que quedó por fuera."))
def deliveries(mailing_id: Id, as_json: AsJson = False) -> None:
    tell_lines(listing.lines(_mailing(mailing_id)))


@app.command(help=_("Espera a que el envío termine. Sale con 0 solo si queda Finalizado."))
def wait(
    mailing_id: Id,
    timeout: Annotated[float, typer.Option(help=_("Segundos que espera como máximo."))] = 3600,
    as_json: AsJson = False,
) -> None:
    mailing = _mailing(mailing_id)
    deadline = time.monotonic() + timeout
    while mailing.status in LIVE and time.monotonic() < deadline:
        time.sleep(POLL)
        mailing.refresh_from_db(fields=["status", "status_reason", "status_reply", "resume_at"])
    mailing.account.refresh_from_db()
    tell_mailing(mailing, as_json=as_json)
    if mailing.status != MailingStatus.FINISHED:
        unfinished = spoken(_("El envío %(id)s no ha terminado: %(words)s."))
        typer.echo(unfinished % {"id": mailing.pk, "words": MailingStatus(mailing.status).label}, err=True)
        raise typer.Exit(1)


@app.command("doubts", help=_("Los correos en duda del envío: el servidor pudo recibirlos o no."))
def list_doubts(mailing_id: Id, as_json: AsJson = False) -> None:
    mailing = _mailing(mailing_id)
    found = listing.in_doubt(mailing)
    lines = [f"{each['id']}  {', '.join(each['to'])}  {', '.join(each['documents'])}" for each in found]
    lines.append(spoken(_("En duda: %(count)s.")) % {"count": len(found)})
    tell({"id": mailing.pk, "doubts": found}, "\n".join(lines), as_json=as_json)


@app.command(help=_("Resuelve los correos en duda del envío, todos o los que se nombran."))
def settle(
    mailing_id: Id,
    resend: Annotated[bool, typer.Option("--resend", help=_("Salen otra vez, con el mismo identificador."))] = False,
    accepted: Annotated[bool, typer.Option("--accepted", help=_("Quedan como enviados: sí llegaron."))] = False,
    delivery: Annotated[list[int] | None, typer.Option(help=_("Identificador de un correo; se puede repetir."))] = None,
    as_json: AsJson = False,
) -> None:
    if resend == accepted:
        raise typer.BadParameter("--resend | --accepted")
    mailing = _mailing(mailing_id)
    settled = doubts.decide(mailing, arrived=accepted, by=None, among=delivery)
    if not settled:
        raise NothingInDoubt()
    mailing.refresh_from_db(fields=["status"])
    facts = {
        "id": mailing.pk,
        "settled": settled,
        "status": mailing.status,
        "in_doubt": reports.progress(mailing).in_doubt,
    }
    tell(facts, spoken(_("Resueltos: %(settled)s. Quedan en duda: %(in_doubt)s.")) % facts, as_json=as_json)


@app.command(help=_("Reenvía: registra otro envío con correos de este, atado cada uno al primero."))
def resend(
    mailing_id: Id,
    delivery: Annotated[list[int] | None, typer.Option(help=_("Identificador de un correo; se puede repetir."))] = None,
    failed: Annotated[bool, typer.Option("--failed", help=_("Los fallidos y rebotados."))] = False,
    not_seen_days: Annotated[int | None, typer.Option(min=0, help=_("Los no vistos en tantos días."))] = None,
    again: Annotated[bool, typer.Option("--again", help=_("También lo mismo a la misma dirección."))] = False,
    as_json: AsJson = False,
) -> None:
    chosen = [
        which
        for which, is_asked in (
            (Which.CHOSEN, bool(delivery)),
            (Which.FAILED, failed),
            (Which.UNSEEN, not_seen_days is not None),
        )
        if is_asked
    ]
    if len(chosen) != 1:
        raise typer.BadParameter("--delivery | --failed | --not-seen-days")
    asked = resending.Asked(which=chosen[0], days=not_seen_days or 0, among=tuple(delivery or ()), again=again)
    tell_mailing(resending.resend(_mailing(mailing_id), asked, by=None, now=timezone.now()), as_json=as_json)


@app.command(help=_("Emite la constancia de envío en PDF: qué salió, a quién, cuándo y qué respondió el servidor."))
def attest(
    mailing_id: Id,
    output: Annotated[Path, typer.Option(help=_("Archivo donde queda el PDF."))],
    part: Annotated[int, typer.Option(min=1, help=_("Qué parte, cuando no cabe en una."))] = 1,
    as_json: AsJson = False,
) -> None:
    mailing = _mailing(mailing_id)
    asked = Asked(company=mailing.company, mailing=mailing, part=part)
    issued, code = attesting.issue(asked, by=None, now=timezone.now())
    output.write_bytes(attesting.pdf_of(issued))
    facts = {
        "id": issued.pk,
        "number": issued.number,
        "part": issued.part,
        "parts": issued.parts,
        "mails": len(issued.deliveries),
        "sha256": issued.pdf_sha256,
        "link": attesting.link_of(code),
        "output": str(output),
    }
    line = spoken(_("Constancia %(number)s, parte %(part)s de %(parts)s, en %(output)s. Se confirma en %(link)s"))
    tell(facts, line % facts, as_json=as_json)


@app.command(help=_("Hace otra vez cada correo enviado y compara todo. Sale con 0 solo si todo es igual."))
def verify(mailing_id: Id, as_json: AsJson = False) -> None:
    mailing = _mailing(mailing_id)
    seen = list(verifying.verify(mailing))
    differing = [each for each in seen if each.differences]
    facts = {
        "id": mailing.pk,
        "verified": len(seen),
        "kept": sum(each.is_kept for each in seen),
        "hashes": sum(each.hashes for each in seen),
        "different": [asdict(each) for each in differing],
    }
    lines = [_different(each, difference) for each in differing for difference in each.differences]
    lines.append(
        spoken(_("Correos: %(verified)s. Huellas comparadas: %(hashes)s. Correos que no son iguales: %(different)s."))
        % (facts | {"different": len(differing)})
    )
    tell(facts, "\n".join(lines), as_json=as_json)
    if differing:
        raise typer.Exit(1)


def _different(verified: Verified, difference: Difference) -> str:
    what = " ".join(filter(None, (str(difference.what.label), difference.name)))
    return f"{verified.delivery}  {', '.join(verified.numbers)}  {what}: {difference.why}"


def _do(verb: str, mailing_id: int, *, as_json: bool) -> None:
    mailing = _mailing(mailing_id)
    queue.load()
    lifecycle.VERBS[verb](mailing, None)
    tell_mailing(mailing, as_json=as_json)


def _mailing(mailing_id: int) -> Mailing:
    mailing = Mailing.objects.select_related("company", "account").filter(pk=mailing_id).first()
    if mailing is None:
        raise NoSuchMailing(id=mailing_id)
    return mailing


def _rehearse(mailing: Mailing) -> bool:
    """What is to be done of its Ensayo now; whether the whole of it is written, also what workers had in hand."""
    while rehearsing.rehearse_some(mailing.pk):
        pass
    return rehearsing.is_whole(mailing)


def _subject(kind: MailingKind, given: str | None, usual: str) -> str:
    """Raises NoSubject."""
    if given is None:
        return usual
    if kind == MailingKind.COPY and not given.strip():
        raise NoSubject()
    return given


def _month(period: str | None) -> date | None:
    if period is None:
        return None
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", period):
        raise typer.BadParameter(period, param_hint="--period")
    return datetime.strptime(period, "%Y-%m").replace(tzinfo=UTC).date()


def _group(company: Company, name: str | None) -> int | None:
    if name is None:
        return None
    group = Group.objects.of(company).filter(name__iexact=name).first()
    if group is None:
        raise UnknownGroup(name=name)
    return group.pk
