"""How a mailing stands: what most of `cartero mailing …` answers."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils import timezone

from cartero.cli.printing import tell
from cartero.cli.spanish import noop as _
from cartero.cli.spanish import spoken
from cartero.mailings import batches, reports
from cartero.mailings.batches import Batch
from cartero.mailings.models import Mailing
from cartero.mailings.reports import Hold, Progress
from cartero.mailings.states import MailingStatus


def tell_mailing(mailing: Mailing, *, as_json: bool) -> None:
    progress = reports.progress(mailing)
    standstill = reports.standstill(mailing, progress)
    facts: dict[str, Any] = {
        "id": mailing.pk,
        "number": mailing.number,
        "status": mailing.status,
        "status_reason": mailing.status_reason,
        "documents": progress.documents_total,
        "deliveries": sum(progress.mails.values()),
        "by_status": dict(progress.mails),
        "documents_by_status": dict(progress.documents),
        "accepted": progress.accepted,
        "failed": progress.failed,
        "left_out": progress.documents_left_out,
        "in_doubt": progress.in_doubt,
        "waiting": progress.waiting,
        "next_due": _next_due(mailing, progress, standstill),
        "rehearsed": mailing.rehearsed,
        "rehearsal_problems": mailing.rehearsal_problems,
    }
    line = spoken(
        _(
            "Envío %(id)s: %(words)s. Enviados %(accepted)s, fallidos %(failed)s, en duda %(in_doubt)s,"
            " faltan %(waiting)s; documentos por fuera %(left_out)s."
        )
    )
    text = line % (facts | {"words": MailingStatus(mailing.status).label})
    if standstill:
        facts["standstill"] = {"words": standstill.words, "until": standstill.until, "reply": standstill.reply}
        text = f"{text}\n{_standstill(standstill)}"
    batch = batches.standing(mailing)
    if batch:
        facts["batch"] = _batch(batch)
        part = spoken(_("Tanda %(number)s de %(total)s: %(mails)s correos, volvieron o fallaron %(returned)s."))
        text = f"{text}\n{part % facts['batch']}"
    tell(facts, text, as_json=as_json)


def _next_due(mailing: Mailing, progress: Progress, standstill: Hold | None) -> datetime | None:
    """When its next mail goes; None where none goes by itself."""
    if standstill:
        return standstill.until
    if mailing.status != MailingStatus.SENDING:
        return mailing.scheduled_for
    return max(progress.next_due, progress.now) if progress.waiting and progress.next_due else None


def _standstill(why: Hold) -> str:
    said = [why.words]
    if why.reply:
        said.append(spoken(_("El servidor dijo: %(reply)s.")) % {"reply": why.reply.rstrip(".")})
    if why.until:
        said.append(spoken(_("Sigue solo: %(until)s.")) % {"until": f"{timezone.localtime(why.until):%d/%m/%Y %H:%M}"})
    return " ".join(filter(None, said))


def _batch(batch: Batch) -> dict[str, Any]:
    return {
        "number": batch.number,
        "total": batch.total,
        "mails": batch.mails,
        "returned": batch.returned,
        "waits_until": batch.until,
        **asdict(batch.plan),
    }
