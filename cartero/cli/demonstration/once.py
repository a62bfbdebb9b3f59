"""The main job without a browser: the newest month is registered, tried, started and watched to its end."""

from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from cartero.accounts.models import User
from cartero.cli.demonstration import filling
from cartero.cli.demonstration.filling import Tell
from cartero.companies.models import Company
from cartero.mailings import lifecycle, reports
from cartero.mailings.models import Delivery, Mailing
from cartero.mailings.reports import Progress
from cartero.mailings.states import LEFT_OUT, LeftOut, MailingStatus, Rehearsal
from cartero.platform import formats
from cartero.platform.mailbox import Mailbox


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of it. `astray` counts deliveries that did not reach the mailbox exactly once."""

    mailing: Mailing
    progress: Progress
    reasons: tuple[tuple[str, int], ...]
    arrived: int
    astray: int

    @property
    def is_right(self) -> bool:
        return self.mailing.status == MailingStatus.FINISHED and not self.astray and self.arrived > 0


def deliver(company: Company, box: Mailbox, tell: Tell) -> Generator[None, None, Result]:
    """Yields while the workers work."""
    by = User.objects.get(email=filling.people()[1].email)
    mailing = filling.register(company, filling.months(company)[-1], by)
    while mailing.rehearsal in (Rehearsal.DUE, Rehearsal.RUNNING):
        tell(_("Ensayo: haciendo cada correo"), mailing.rehearsed, mailing.deliveries_count)
        yield
        mailing.refresh_from_db()
    tell(_("Ensayo: haciendo cada correo"), mailing.deliveries_count, mailing.deliveries_count)
    lifecycle.start(mailing, by)
    while mailing.status == MailingStatus.SENDING:
        progress = reports.progress(mailing)
        tell(_("Enviando"), progress.done, progress.total)
        yield
        mailing.refresh_from_db()
    result = _result(mailing, box)
    tell(_("Enviando"), result.progress.done, result.progress.total)
    return result


def _result(mailing: Mailing, box: Mailbox) -> Result:
    ids = Delivery.objects.of(mailing.company).filter(mailing=mailing).exclude(status__in=LEFT_OUT)
    wanted = set(ids.values_list("message_id", flat=True))
    found = Counter(mail.message_id for mail in box.all() if mail.message_id in wanted)
    reasons = Delivery.objects.of(mailing.company).left_out().filter(mailing=mailing)
    return Result(
        mailing=mailing,
        progress=reports.progress(mailing),
        reasons=tuple(reasons.values_list("reason").annotate(many=Count("pk")).order_by("-many", "reason")),
        arrived=sum(found.values()),
        astray=sum(found[message_id] != 1 for message_id in wanted),
    )


def lines(result: Result) -> Iterator[str]:
    """The sums, for the terminal: documents = sent + failed + in doubt + waiting + left out."""
    mailing, progress = result.mailing, result.progress
    status = MailingStatus(mailing.status).label
    yield _("Envío %(number)s, %(name)s: %(status)s") % {
        "number": mailing.number,
        "name": mailing.name,
        "status": status,
    }
    sums = (
        (_("Documentos del período"), progress.documents_total),
        (_("enviados"), progress.accepted),
        (_("fallidos"), progress.failed),
        (_("en duda"), progress.in_doubt),
        (_("por enviar"), progress.waiting),
        (_("por fuera"), progress.documents_left_out),
    )
    for (words, count), sign in zip(sums, " =++++", strict=True):
        yield f"  {sign} {words:<28}{formats.number(count):>8}"
    for reason, count in result.reasons:
        yield f"        {LeftOut(reason).label:<36}{formats.number(count):>8}"
    yield _("Correos en el buzón: %(arrived)s; entregas sin su correo, o con más de uno: %(astray)s") % {
        "arrived": formats.number(result.arrived),
        "astray": formats.number(result.astray),
    }
