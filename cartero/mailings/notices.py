"""Mail to our own users about their sendings: one function a kind."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cartero.accounts.models import User
from cartero.companies import noticing
from cartero.companies.models import Company, NoticeKind, NoticeSent
from cartero.companies.noticing import Notice
from cartero.companies.roles import Role
from cartero.mailings import batches, reports
from cartero.mailings.models import Delivery, Event, EventKind, Mailing
from cartero.platform import formats
from cartero.transport.explanations import EXPLANATIONS
from cartero.transport.models import MailAccount

MORNING = range(7, 9)  # hours of a company's own clock in which its digest goes
LOOKS_BACK, FIRST = timedelta(days=8), timedelta(days=1)
LISTED = 20  # of the mails in a digest


def tell_finished(mailing_id: int) -> None:
    """The summary, to whoever started the sending."""
    mailing = Mailing.objects.select_related("started_by", "created_by", "company").get(pk=mailing_id)
    person = mailing.started_by or mailing.created_by
    if person is None:
        return
    progress = reports.progress(mailing)
    body = _(
        "Envío %(number)s, %(name)s: terminó.\n\n"
        "Enviados: %(accepted)s\nFallidos: %(failed)s\nEn duda: %(in_doubt)s\n"
        "Documentos por fuera: %(left_out)s\n\n"
        "Véalo en %(url)s/envios/%(id)s/\n"
    )
    facts = {
        "number": mailing.number,
        "name": mailing.name,
        "accepted": formats.number(progress.accepted),
        "failed": formats.number(progress.failed),
        "in_doubt": formats.number(progress.in_doubt),
        "left_out": formats.number(progress.documents_left_out),
        "url": settings.PUBLIC_URL,
        "id": mailing.pk,
    }
    subject = _("Terminó el envío %(number)s. Enviados: %(accepted)s. Fallidos: %(failed)s.")
    noticing.tell(
        Notice(
            company=mailing.company,
            user=person,
            kind=NoticeKind.FINISHED,
            key=f"{mailing.pk} {mailing.finished_at}",  # one that is retried ends again
            subject=subject % facts,
            body=body % facts,
        )
    )


def due_digests(now: datetime) -> Iterator[tuple[int, int]]:
    """Company and person of each digest that could go now: it is morning there, and something came back since hers."""
    zones = Company.objects.values_list("pk", "timezone")
    awake = [pk for pk, zone in zones if now.astimezone(ZoneInfo(zone)).hour in MORNING]
    lost = Event.objects.lost().filter(company__in=awake, at__gte=now - LOOKS_BACK)
    newest = dict(lost.order_by().values_list("company").annotate(Max("id")))
    for company in Company.objects.filter(pk__in=newest):
        for user in noticing.readers(company, NoticeKind.BOUNCED, Role.PREPARER):
            if (_told_until(company, user) or 0) < newest[company.pk]:
                yield company.pk, user.pk


def tell_bounced(company_id: int, user_id: int, now: datetime) -> None:
    """What came back since she was last told, once a day; nothing, if nothing did."""
    company, user = Company.objects.get(pk=company_id), User.objects.get(pk=user_id)
    last = _told_until(company, user)
    since = Q(at__gte=now - FIRST) if last is None else Q(at__gte=now - LOOKS_BACK, id__gt=last)
    lost = Event.objects.of(company).lost().filter(since)
    many = lost.values("delivery").distinct().count()
    if not many:
        return
    newest = lost.select_related("delivery__party", "delivery__mailing").order_by("-id")[:LISTED]
    subject = ngettext("Rebotó %(n)s correo que ya había salido", "Rebotaron %(n)s correos que ya habían salido", many)
    body = _("%(lines)s\n\nCorríjalos y envíelos otra vez desde %(url)s\n")
    lines = [_line_of(event) for event in newest]
    if many > len(lines):
        lines.append(_("… y otros: %(n)s.") % {"n": formats.number(many - len(lines))})
    url = f"{settings.PUBLIC_URL}{reverse('invoices')}?estado={EventKind.BOUNCED}"
    noticing.tell(
        Notice(
            company=company,
            user=user,
            kind=NoticeKind.BOUNCED,
            key=now.astimezone(ZoneInfo(company.timezone)).date().isoformat(),
            subject=subject % {"n": formats.number(many)},
            body=body % {"lines": "\n".join(lines), "url": url},
            until=newest[0].pk,
        )
    )


def tell_refused(mailing_id: int) -> None:
    """That the account of a sending that stopped is refused; not again until it has worked."""
    mailing = Mailing.objects.select_related("account", "company").get(pk=mailing_id)
    account, why = mailing.account, EXPLANATIONS.get(mailing.status_reason)
    body = _(
        "El envío %(number)s, %(name)s, se detuvo: la cuenta «%(account)s» no deja enviar.\n\n"
        "%(happened)s %(you_can)s\n%(reply)s\n\n"
        "Véalo en %(url)s/envios/%(id)s/\n"
    )
    facts = {
        "number": mailing.number,
        "name": mailing.name,
        "account": account.name,
        "happened": why.happened if why else "",
        "you_can": why.you_can if why else "",
        "reply": mailing.status_reply,
        "url": settings.PUBLIC_URL,
        "id": mailing.pk,
    }
    for user in noticing.readers(mailing.company, NoticeKind.REFUSED, Role.SENDER):
        _forget_if_it_worked(account, user)
        noticing.tell(
            Notice(
                company=mailing.company,
                user=user,
                kind=NoticeKind.REFUSED,
                key=str(account.pk),
                subject=_("La cuenta «%(account)s» no deja enviar") % facts,
                body=body % facts,
            )
        )


def tell_batch(mailing_id: int) -> None:
    """That a part has gone and the next waits for a person; nothing, once somebody has let it go on, or ended it."""
    mailing = Mailing.objects.select_related("company").get(pk=mailing_id)
    batch = batches.standing(mailing)
    if batch is None or not batches.asking(mailing.company).filter(pk=mailing.pk).exists():
        return
    body = _(
        "Envío %(number)s, %(name)s: terminó la tanda %(batch)s de %(total)s.\n\n"
        "%(why)s\n\n"
        "Correos de la tanda: %(mails)s\nVolvieron o fallaron: %(returned)s\n\n"
        "Véala y siga con las demás en %(url)s/envios/%(id)s/\n"
    )
    facts = {
        "number": mailing.number,
        "name": mailing.name,
        "batch": formats.number(batch.number),
        "total": formats.number(batch.total),
        "why": batches.REASONS[mailing.status_reason],
        "mails": formats.number(batch.mails),
        "returned": formats.number(batch.returned),
        "url": settings.PUBLIC_URL,
        "id": mailing.pk,
    }
    for user in noticing.readers(mailing.company, NoticeKind.BATCH, Role.SENDER):
        noticing.tell(
            Notice(
                company=mailing.company,
                user=user,
                kind=NoticeKind.BATCH,
                key=f"{mailing.pk} {mailing.changed_at}",  # one whose failed mails are retried asks again
                subject=_("El envío %(number)s espera su visto bueno: tanda %(batch)s de %(total)s") % facts,
                body=body % facts,
            )
        )


def _told_until(company: Company, user: User) -> int | None:
    told = NoticeSent.objects.of(company).filter(user=user, kind=NoticeKind.BOUNCED)
    until: int | None = told.aggregate(Max("until"))["until__max"]
    return until


def _line_of(event: Event) -> str:
    """One mail that came back: whose it was, where it went, why it did not arrive."""
    why = EXPLANATIONS.get(event.reason)
    facts = {
        "party": event.delivery.party.name,
        "to": ", ".join(event.delivery.to),
        "number": event.delivery.mailing.number,
        "why": why.happened if why else event.reply or EventKind(event.kind).label,
    }
    return _(" - %(party)s, %(to)s (envío %(number)s): %(why)s") % facts


def _forget_if_it_worked(account: MailAccount, user: User) -> None:
    told = NoticeSent.objects.filter(
        company=account.company_id, user=user, kind=NoticeKind.REFUSED, key=str(account.pk)
    ).first()
    if told is None:
        return
    lasting = Q(mailing__finished_at__isnull=True) | Q(mailing__finished_at__gt=told.at)
    has_sent = Delivery.objects.filter(lasting, mailing__account=account, accepted_at__gt=told.at).exists()
    if has_sent or (account.tested_at and account.tested_at > told.at):
        told.delete()
