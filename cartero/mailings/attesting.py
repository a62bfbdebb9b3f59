"""Issues constancias de envío, and confirms them to whoever holds a code."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.companies.models import Company
from cartero.documents import attestation as drawing
from cartero.documents.attestation import AttachedFile, AttestedMail, Step
from cartero.invoices import storing
from cartero.invoices.models import Invoice
from cartero.mailings import making, registering, reports
from cartero.mailings.errors import MailingError
from cartero.mailings.models import (
    Attestation,
    AttestationKind,
    Delivery,
    DeliveryInvoice,
    Event,
    EventKind,
    Mailing,
    Recipe,
)
from cartero.mailings.states import SENT, DeliveryStatus
from cartero.parties import addresses
from cartero.parties.models import Party
from cartero.platform import formats, ids
from cartero.transport.queue_ids import queue_id

PER_PART = 500  # mails of one PDF: about 180 pages and 7 MB, drawn in a second or two


class NothingSent(MailingError):
    """No mail of what is to be attested has been taken over by a server."""

    text = gettext_lazy("Todavía no hay nada que certificar: ningún correo de estos ha salido.")


class NoSuchPart(MailingError):
    """The constancia has fewer parts."""

    text = gettext_lazy("La constancia tiene %(parts)s partes; no existe la parte %(part)s.")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is to be attested: one of a document, a tercero (between two days, both included) or a mailing."""

    company: Company
    invoice: Invoice | None = None
    party: Party | None = None
    mailing: Mailing | None = None
    since: date | None = None
    until: date | None = None
    part: int = 1

    @property
    def kind(self) -> AttestationKind:
        if self.mailing:
            return AttestationKind.MAILING
        return AttestationKind.PARTY if self.party else AttestationKind.INVOICE

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.company.timezone)

    def sent(self) -> QuerySet[Delivery]:
        """The mails that a server took over, in order."""
        sent = Delivery.objects.of(self.company).filter(accepted_at__isnull=False)
        if self.mailing:
            return sent.filter(mailing=self.mailing).order_by("pk")
        if self.invoice:
            return sent.filter(invoices=self.invoice).order_by("pk")
        sent = sent.filter(party=self.party)
        if self.since:
            sent = sent.filter(accepted_at__gte=_midnight(self.since, self.tz))
        if self.until:
            sent = sent.filter(accepted_at__lt=_midnight(self.until + timedelta(days=1), self.tz))
        return sent.order_by("pk")

    def count(self) -> int:
        """How many these are; of a sending by its counters."""
        if self.mailing is None:
            return self.sent().count()
        counted = self.mailing.tallies.filter(state__in=SENT)
        return int(counted.aggregate(mails=Sum("deliveries", default=0))["mails"])


@dataclass(frozen=True, kw_only=True)
class ConfirmedMail:
    """What a stranger may know of a mail: nothing of whose it is."""

    accepted_at: datetime
    to: str
    state: str
    sha256: str
    attached: tuple[str, ...]


def parts_of(mails: int) -> int:
    return ceil(mails / PER_PART)


def issue(asked: Asked, by: User | None, now: datetime) -> tuple[Attestation, str]:
    """A new constancia, its PDF stored; and its code, which stands in the PDF alone.

    Raises NothingSent, NoSuchPart, NotDrawn, FileLost.
    """
    keys = list(asked.sent().values_list("pk", flat=True))
    if not keys:
        raise NothingSent()
    parts = ceil(len(keys) / PER_PART)
    if not 1 <= asked.part <= parts:
        raise NoSuchPart(part=asked.part, parts=parts)
    code = ids.token()
    issued = _written_down(
        Attestation(
            company=asked.company,
            kind=asked.kind,
            invoice=asked.invoice,
            party=asked.party,
            mailing=asked.mailing,
            since=asked.since,
            until=asked.until,
            part=asked.part,
            parts=parts,
            deliveries=keys[(asked.part - 1) * PER_PART : asked.part * PER_PART],
            code_sha256=ids.sha256(code.encode()),
            issued_at=now,
            issued_by=by,
        )
    )
    pdf = drawing.render(_drawn(asked, issued, code))
    issued.pdf_sha256, issued.size = storing.keep(asked.company.pk, pdf), len(pdf)
    issued.save(update_fields=["pdf_sha256", "size"])
    return issued, code


def pdf_of(issued: Attestation) -> bytes:
    """Raises FileLost."""
    return storing.read(issued.company_id, issued.pdf_sha256)


def find(code: str) -> Attestation | None:
    """The constancia with that code, its company with it."""
    known = Attestation.objects.issued().select_related("company")
    return known.filter(code_sha256=ids.sha256(code.encode())).first()


def confirmed(issued: Attestation, start: int, size: int) -> list[ConfirmedMail]:
    """`size` of its mails from `start` on, as they are now."""
    here = issued.deliveries[start : start + size]
    rows = Delivery.objects.filter(company_id=issued.company_id, pk__in=here, accepted_at__isnull=False).order_by("pk")
    return [
        ConfirmedMail(
            accepted_at=each.accepted_at,
            to=", ".join(map(addresses.masked, each.to)),
            state=str(DeliveryStatus(each.status).label),
            sha256=(each.proof or {}).get("sha256", ""),
            attached=tuple(file["sha256"] for file in each.attached or ()),
        )
        for each in rows
        if each.accepted_at
    ]


def link_of(code: str) -> str:
    return f"{settings.PUBLIC_URL}/constancia/{code}/"


@transaction.atomic
def _written_down(issued: Attestation) -> Attestation:
    """Its row, before it is drawn: so its number is nobody else's."""
    Company.objects.select_for_update(no_key=True).get(pk=issued.company_id)
    highest = Attestation.objects.of(issued.company).aggregate(highest=Max("number"))["highest"]
    issued.number = (highest or 0) + 1
    carried = DeliveryInvoice.objects.filter(delivery__in=issued.deliveries)
    issued.documents = carried.values("invoice").distinct().count()
    issued.save(force_insert=True)
    facts = {"number": issued.number, "kind": issued.kind, "mails": len(issued.deliveries)}
    audit.record(issued, "issue", issued.issued_by, **facts)
    return issued


def _drawn(asked: Asked, issued: Attestation, code: str) -> drawing.Attestation:
    return drawing.Attestation(
        number=formats.number(issued.number),
        code=code,
        url=link_of(code),
        scope=_scope(asked),
        summary=tuple(_summary(asked, issued)),
        mails=tuple(_mails(issued.deliveries)),
        issued_at=issued.issued_at,
        issued_by=str(issued.issued_by or "Cartero"),
        tz=asked.tz,
        look=making.look_of(asked.company.pk, registering.look_of(asked.company)),
    )


def _scope(asked: Asked) -> str:
    if asked.mailing:
        return _("Lo que salió en el envío %(number)s, «%(name)s»") % {
            "number": formats.number(asked.mailing.number),
            "name": asked.mailing.name,
        }
    if asked.party:
        return _("Lo que se le envió a %(name)s") % {"name": asked.party.name}
    assert asked.invoice is not None  # noqa: S101  one of three
    facts = {"kind": asked.invoice.get_kind_display(), "number": asked.invoice.number}
    return _("%(kind)s %(number)s: cómo se envió") % facts


def _summary(asked: Asked, issued: Attestation) -> list[tuple[str, str]]:
    days = " – ".join(formats.date_short(day) if day else "…" for day in (asked.since, asked.until))
    rows = [(_("Período"), days)] if asked.since or asked.until else []
    if asked.mailing:
        rows += [*_sum(asked.mailing), (_("Cuenta de correo"), asked.mailing.account.from_address)]
    rows += [
        (_("Documentos aquí"), formats.number(issued.documents)),
        (_("Correos aquí"), formats.number(len(issued.deliveries))),
    ]
    if issued.parts > 1:
        facts = {"part": formats.number(issued.part), "parts": formats.number(issued.parts)}
        rows.append((_("Parte"), _("%(part)s de %(parts)s") % facts))
    return rows


def _sum(mailing: Mailing) -> list[tuple[str, str]]:
    """Every document of a sending in one of five places, so that what did not go is not passed over in silence."""
    found = reports.progress(mailing).documents_sum
    facts = {
        "total": formats.number(found.total),
        "sent": formats.number(found.accepted),
        "failed": formats.number(found.failed),
        "out": formats.number(found.left_out),
        "doubtful": formats.number(found.in_doubt),
        "waiting": formats.number(found.waiting),
    }
    words = _(
        "%(total)s documentos: %(sent)s enviados, %(failed)s fallidos, %(out)s por fuera, %(doubtful)s en duda,"
        " %(waiting)s por enviar"
    )
    return [(_("Todo el envío"), words % facts)]


def _mails(keys: Sequence[int]) -> list[AttestedMail]:
    """Four queries, whatever their number."""
    deliveries = Delivery.objects.filter(pk__in=keys).select_related("party", "mailing__account").order_by("pk")
    numbers = _numbers(keys)
    steps = defaultdict(list)
    for event in Event.objects.filter(delivery__in=keys).order_by("at", "pk"):
        steps[event.delivery_id].append(_step(event))
    mailings = {each.mailing_id for each in deliveries}
    recipes = dict(Recipe.objects.filter(mailing__in=mailings).values_list("pk", "facts"))
    return [_mail(each, numbers[each.pk], steps[each.pk], recipes) for each in deliveries]


def _step(event: Event) -> Step:
    """What opened it stands in the words of programs, and is not always one."""
    if event.kind == EventKind.OPENED:
        return Step(at=event.at, what=_("Abierto; no cuenta como vista"), words="")
    return Step(at=event.at, what=str(event.get_kind_display()), words=event.reply)


def _numbers(keys: Sequence[int]) -> dict[int, list[str]]:
    found = defaultdict(list)
    joined = DeliveryInvoice.objects.filter(delivery__in=keys).order_by("delivery", "position")
    for delivery, number in joined.values_list("delivery_id", "invoice__number"):
        found[delivery].append(number)
    return found


def _mail(
    delivery: Delivery, numbers: Sequence[str], steps: Sequence[Step], recipes: dict[int, dict[str, Any]]
) -> AttestedMail:
    assert delivery.accepted_at is not None  # noqa: S101  only what went is attested
    proof = delivery.proof or {}
    account = delivery.mailing.account
    recipe = recipes.get(proof.get("recipe", 0), {})
    sender = recipe.get("sender") or making.sender_of(account)
    then = proof.get("as") or {}
    name, address = sender["from_name"] or delivery.mailing.look.get("trade_name", ""), sender["from_address"]
    return AttestedMail(
        party=then.get("name") or delivery.party.name,
        tax_id=then.get("nit") or formats.nit(delivery.party.tax_id, delivery.party.check_digit),
        state=str(DeliveryStatus(delivery.status).label),
        documents=tuple(numbers),
        to=tuple(delivery.to),
        subject=proof.get("subject", ""),
        sender=f"{name} <{address}>" if name else address,
        envelope_from=proof.get("from", ""),
        message_id=delivery.message_id,
        accepted_at=delivery.accepted_at,
        server=recipe.get("server", ""),
        reply=delivery.reply,
        queue_id=queue_id(delivery.reply),
        tls=proof.get("tls", ""),
        size=delivery.size,
        sha256=proof.get("sha256", ""),
        files=tuple(AttachedFile(**file) for file in delivery.attached or ()),
        steps=tuple(steps),
    )


def _midnight(day: date, tz: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=tz)
