"""Documents that were read become rows, set-based; each is whole or not there.

Identity of a document: company, kind, number. The same content again changes nothing; `meeting` says what else may be.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartero.companies.models import Company
from cartero.importing import meeting
from cartero.importing.meeting import Clash, Completed, Same
from cartero.importing.models import Conflict, Import, ImportLine, Outcome
from cartero.importing.parcels import ReadInvoice, ReceivedFile
from cartero.importing.refusals import Remark
from cartero.invoices import columns, serial, storing
from cartero.invoices.data import InvoiceData
from cartero.invoices.models import Invoice, InvoiceContent, InvoiceFile
from cartero.parties import people
from cartero.parties.models import Party

Key = tuple[str, str]  # kind, number


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A received file after it was stored."""

    role: str
    name: str
    media_type: str
    sha256: str
    size: int


@dataclass(kw_only=True)
class _Here:
    """A document that is in the company already, or comes in with this batch."""

    invoice: Invoice
    data: InvoiceData
    roles: frozenset[str]


def save(source: Import, parcels: Sequence[ReadInvoice], first_position: int) -> None:
    """Writes a batch and a line for each of its documents, in the caller's transaction. About ten statements."""
    batch = _Batch(source, parcels)
    kept = iter(keep_all(source.company_id, [file for parcel in parcels for file in parcel.files]))
    for position, parcel in enumerate(parcels, first_position):
        batch.take(parcel, tuple(islice(kept, len(parcel.files))), position)
    batch.write()


def facts_of(data: InvoiceData) -> dict[str, Any]:
    """What the command line and the page of results tell of a document."""
    return {
        "kind": data.kind,
        "type_code": data.type_code,
        "number": data.number,
        "issue_date": data.issue_date.isoformat(),
        "due_date": data.due_date.isoformat() if data.due_date else None,
        "supplier": data.supplier.tax_id,
        "customer_id": data.customer.tax_id,
        "customer_name": data.customer.name,
        "customer_emails": list(data.customer.emails),
        "currency": data.currency,
        "payable_amount": f"{data.totals.payable:f}",
        "uuid": data.uuid,
    }


def as_messages(remarks: Iterable[Remark]) -> list[dict[str, str]]:
    return [{"where": remark.where, "what": remark.text, "mend": "", "level": remark.level} for remark in remarks]


class _Batch:
    """Gathers the rows of a batch, then writes them together."""

    def __init__(self, source: Import, parcels: Sequence[ReadInvoice]) -> None:
        self.source = source
        self.company: Company = source.company
        self.parties = people.ensure(self.company, [party_of(parcel.data) for parcel in parcels])
        self.here = _here(self.company, [parcel.data for parcel in parcels])
        self.fresh: list[_Here] = []
        self.changed: dict[Key, _Here] = {}
        self.files: list[InvoiceFile] = []
        self.lines: list[ImportLine] = []
        self.conflicts: list[Conflict] = []
        self.emails: dict[Party, list[str]] = {}

    def take(self, parcel: ReadInvoice, kept: tuple[Kept, ...], position: int) -> None:
        """Decides what becomes of one document."""
        data, key = parcel.data, (parcel.data.kind, parcel.data.number)
        roles = frozenset(file.role for file in kept)
        here = self.here.get(key)
        outcome = Outcome.WARN if parcel.has_warnings else Outcome.IMPORT
        messages = as_messages(parcel.remarks)
        if here is None:
            here = self._add(data, kept)
        else:
            match meeting.meet(here.data, here.roles, data, roles):
                case Same():
                    outcome, messages = Outcome.UNCHANGED, []
                case Completed(data=completed, roles=gained):
                    self._complete(here, completed, [file for file in kept if file.role in gained])
                case Clash():
                    outcome = Outcome.CONFLICT
                    messages = [_clash_message(here.data, data), *messages]
                    self._clash(here, data, kept)
        self._line(parcel, here, outcome, messages, position)

    def write(self) -> None:
        """Everything at once; the caller's transaction makes it whole."""
        Invoice.objects.bulk_create([here.invoice for here in self.fresh])
        contents = [InvoiceContent(invoice=here.invoice, data=serial.to_json(here.data)) for here in self.fresh]
        InvoiceContent.objects.bulk_create(contents)
        if self.changed:
            self._write_changed()
        InvoiceFile.objects.bulk_create(self.files, ignore_conflicts=True)
        people.add_addresses(self.company, self.emails)
        Conflict.objects.bulk_create(self._not_open_yet())
        ImportLine.objects.bulk_create(self.lines)

    def _add(self, data: InvoiceData, kept: tuple[Kept, ...]) -> _Here:
        party = self.parties[data.customer.tax_id]
        invoice = Invoice(company=self.company, party=party)
        for name, value in columns.of(data, party).items():
            setattr(invoice, name, value)
        here = _Here(invoice=invoice, data=data, roles=frozenset(file.role for file in kept))
        self.here[data.kind, data.number] = here
        self.fresh.append(here)
        self._attach(invoice, kept)
        self.emails.setdefault(party, []).extend(data.customer.emails)
        return here

    def _complete(self, here: _Here, data: InvoiceData, kept: Sequence[Kept]) -> None:
        here.data, here.roles = data, here.roles | {file.role for file in kept}
        party = self.parties[data.customer.tax_id]
        for name, value in columns.of(data, party).items():
            setattr(here.invoice, name, value)
        self._attach(here.invoice, kept)
        self.emails.setdefault(party, []).extend(data.customer.emails)
        if here.invoice.pk:
            self.changed[data.kind, data.number] = here

    def _clash(self, here: _Here, data: InvoiceData, kept: Sequence[Kept]) -> None:
        conflict = Conflict(company=self.company, source=self.source, invoice=here.invoice, kind=data.kind)
        conflict.number, conflict.data = data.number, serial.to_json(data)
        conflict.files = [asdict(file) for file in kept]
        self.conflicts.append(conflict)

    def _not_open_yet(self) -> list[Conflict]:
        """The same that came before and waits for its decision is not asked about twice."""
        invoices = [conflict.invoice for conflict in self.conflicts]
        open_ones = Conflict.objects.of(self.company).open().filter(invoice__in=invoices)
        held = [(conflict.invoice_id, conflict.data) for conflict in open_ones] if invoices else []
        fresh: list[Conflict] = []
        for conflict in self.conflicts:
            if (told := (conflict.invoice.pk, conflict.data)) not in held:
                held.append(told)
                fresh.append(conflict)
        return fresh

    def _attach(self, invoice: Invoice, kept: Sequence[Kept]) -> None:
        self.files += [InvoiceFile(company=self.company, invoice=invoice, **asdict(file)) for file in kept]

    def _line(
        self, parcel: ReadInvoice, here: _Here, outcome: Outcome, messages: list[dict[str, str]], position: int
    ) -> None:
        self.lines.append(
            ImportLine(
                company=self.company,
                source=self.source,
                position=position,
                file=parcel.source[:500],
                where=parcel.where[:300],
                outcome=outcome,
                kind=parcel.data.kind,
                number=parcel.data.number[:60],
                invoice=here.invoice,
                facts=facts_of(parcel.data),
                messages=messages,
            )
        )

    def _write_changed(self) -> None:
        changed = list(self.changed.values())
        names = list(columns.of(changed[0].data, changed[0].invoice.party))
        Invoice.objects.bulk_update([here.invoice for here in changed], names)
        contents = [InvoiceContent(invoice=here.invoice, data=serial.to_json(here.data)) for here in changed]
        InvoiceContent.objects.bulk_update(contents, ["data"])


def _here(company: Company, wanted: Sequence[InvoiceData]) -> dict[Key, _Here]:
    found = Invoice.objects.of(company).filter(number__in={data.number for data in wanted})
    found = found.select_related("content", "party").prefetch_related("files")
    return {
        (invoice.kind, invoice.number): _Here(
            invoice=invoice,
            data=replace(serial.from_json(invoice.content.data), balance=invoice.balance),
            roles=frozenset(file.role for file in invoice.files.all()),
        )
        for invoice in found
    }


def party_of(data: InvoiceData) -> Party:
    """The customer as a tercero that is not saved yet."""
    customer = data.customer
    return Party(
        tax_id=customer.tax_id[:40],
        id_type=customer.id_type[:4],
        check_digit=customer.check_digit[:1],
        name=customer.name[:450],
        trade_name=customer.trade_name[:450],
        phone=customer.phone[:100],
        city=customer.address.city[:100],
    )


_SEEN_APART: tuple[tuple[str | Promise, Callable[[InvoiceData], object]], ...] = (
    (gettext_lazy("total"), lambda data: data.totals.payable),
    (gettext_lazy("moneda"), lambda data: data.currency),
    (gettext_lazy("fecha"), lambda data: data.issue_date),
    (gettext_lazy("vencimiento"), lambda data: data.due_date),
    (gettext_lazy("tercero"), lambda data: data.customer.tax_id),
    (gettext_lazy("nombre"), lambda data: data.customer.name),
    (gettext_lazy("correo"), lambda data: ", ".join(data.customer.emails)),
    (gettext_lazy("CUFE"), lambda data: data.uuid),
)
"""What a person tells two documents apart by, in the order of its weight."""


def keep_all(company_id: int, files: Sequence[ReceivedFile]) -> list[Kept]:
    """Raises StorageAway."""
    hashes = storing.keep_all(company_id, [file.content for file in files])
    return [
        Kept(role=file.role, name=file.name, media_type=file.media_type, sha256=sha256, size=len(file.content))
        for file, sha256 in zip(files, hashes, strict=True)
    ]


def _clash_message(here: InvoiceData, came: InvoiceData) -> dict[str, str]:
    what = _("Ya hay un documento %(number)s con otro contenido en su detalle.")
    facts: dict[str, object] = {"number": came.number}
    apart = next((seen for seen in _SEEN_APART if seen[1](here) != seen[1](came)), None)
    if apart:
        label, value = apart
        what = _("Ya hay un documento %(number)s con otro contenido: %(what)s %(here)s, y el que llegó %(came)s.")
        facts |= {"what": label, "here": value(here) or "—", "came": value(came) or "—"}
    mend = _("Mírelos lado a lado y decida cuál queda.")
    return {"where": came.number, "what": what % facts, "mend": mend, "level": "warning"}
