"""What the demonstration's company has billed: documents of two months as values, the same from the same plan."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal

from cartero.cli.demonstration import cast, cufe, names
from cartero.cli.demonstration.cast import Tercero
from cartero.invoices.data import (
    AddressData,
    AuthorizationData,
    CorrectionData,
    InvoiceData,
    LineData,
    PartyData,
    PaymentData,
    TaxData,
    TotalsData,
    ValidationData,
)
from cartero.invoices.states import InvoiceKind

SELLER = replace(
    cast.party_of(999_000_001, "Demostración S.A.S."),
    trade_name="Demostración",
    emails=("recepcion@demostracion.example.co",),
    phone="604 555 0100",
    address=AddressData(street="Carrera 43A # 1-50, oficina 302", city="Medellín", region="Antioquia", country="CO"),
    tax_qualities=("O-15",),
)
TECHNICAL_KEY = "0123456789abcdef0123456789abcdef01234567"  # of an authorization that nobody has
SOFTWARE_PIN = "99999"
PROVIDER = "999000009"
FIRST = {"FEV": 10_001, "NC": 501, "ND": 51, "EXP": 201, "CB": 3_001}
CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything the demonstration is made from. `today` decides which two months are billed."""

    today: date
    documents: int = 1200
    seed: int = 20

    @property
    def months(self) -> tuple[date, date]:
        this = self.today.replace(day=1)
        return ((this - timedelta(days=1)).replace(day=1), this)


@dataclass(frozen=True, kw_only=True)
class Sale:
    """A document of the plan; one without `is_electronic` is a row of the accounting program and has no file."""

    data: InvoiceData
    is_electronic: bool = True


@dataclass(frozen=True, kw_only=True)
class Month:
    first: date
    sales: tuple[Sale, ...]


@dataclass(frozen=True, kw_only=True)
class Story:
    """Who is billed, and what in which month."""

    cast: tuple[Tercero, ...]
    months: tuple[Month, ...]

    @property
    def sales(self) -> Iterator[Sale]:
        for month in self.months:
            yield from month.sales


def write(plan: Plan) -> Story:
    chance = random.Random(plan.seed)  # noqa: S311  the same story each time is what it is for
    terceros = cast.invent(chance, max(5, plan.documents * 2 // 5))
    book = _Book(plan, chance)
    each = plan.documents // len(plan.months)
    months = [Month(first=first, sales=tuple(book.month(first, terceros, each))) for first in plan.months]
    return Story(cast=tuple(terceros), months=tuple(months))


class _Book:
    """Numbers documents, and remembers those that notes may correct."""

    def __init__(self, plan: Plan, chance: random.Random) -> None:
        self.plan = plan
        self.chance = chance
        self.next = dict(FIRST)
        self.issued: list[InvoiceData] = []

    def month(self, first: date, terceros: Sequence[Tercero], count: int) -> Iterator[Sale]:
        for position in range(count):
            tercero = terceros[position] if position < len(terceros) else self.chance.choice(terceros)
            yield self._sale(first, tercero, position)

    def _sale(self, first: date, tercero: Tercero, position: int) -> Sale:
        if tercero.data.id_type == "42":
            return Sale(data=self._signed(self._export(first, tercero.data), position))
        if position % 23 == 19 and self.issued:
            return Sale(data=self._signed(self._note(first, "NC"), position))
        if position % 149 == 140 and self.issued:
            return Sale(data=self._signed(self._note(first, "ND"), position))
        if position % 20 == 11:
            return Sale(data=self._row(self._invoice(first, tercero.data, "CB")), is_electronic=False)
        data = self._signed(self._invoice(first, tercero.data, "FEV"), position)
        self.issued.append(data)
        return Sale(data=data)

    def _number(self, prefix: str) -> tuple[str, int]:
        sequence = self.next[prefix]
        self.next[prefix] += 1
        return f"{prefix}{sequence}", sequence

    def _invoice(self, first: date, customer: PartyData, prefix: str) -> InvoiceData:
        day = self._day(first)
        number, sequence = self._number(prefix)
        lines = tuple(self._line() for _ in range(self._how_many_lines()))
        on_credit = self.chance.random() < 0.8
        due = day + timedelta(days=self.chance.choice((10, 15, 30, 45)) if on_credit else 0)
        return InvoiceData(
            kind=InvoiceKind.INVOICE.value,
            type_code="01",
            number=number,
            prefix=prefix,
            sequence=sequence,
            issue_date=day,
            issue_time=time(self.chance.randint(7, 17), self.chance.randint(0, 59), self.chance.randint(0, 59)),
            due_date=due,
            period_start=first,
            period_end=_end(first),
            supplier=SELLER,
            customer=customer,
            lines=lines,
            taxes=_taxes(lines),
            totals=_totals(lines),
            operation="10",
            environment="1",
            uuid_scheme="CUFE-SHA384",
            notes=("Pague a tiempo y evite intereses de mora.",) if self.chance.random() < 0.3 else (),
            order_reference=f"OC-{self.chance.randint(100, 999)}" if self.chance.random() < 0.1 else "",
            authorization=_authorization(prefix, first),
            payment=PaymentData(
                form="2" if on_credit else "1", means=self.chance.choice(("42", "47", "10")), due_date=due
            ),
            provider_nit=PROVIDER,
        )

    def _export(self, first: date, customer: PartyData) -> InvoiceData:
        name, unit, least, most, percent = names.ABROAD_ITEM
        quantity, price = Decimal(self.chance.randint(8, 60)), Decimal(self.chance.randint(least, most))
        lines = (_line_of(f"{name}, {customer.name}", unit, quantity, price, percent),)
        data = self._invoice(first, customer, "EXP")
        return replace(
            data,
            type_code="02",
            currency="USD",
            exchange_rate=Decimal("4012.37"),
            exchange_date=data.issue_date,
            lines=lines,
            taxes=_taxes(lines),
            totals=_totals(lines),
        )

    def _note(self, first: date, prefix: str) -> InvoiceData:
        """It takes back, or charges on top of, one line of an earlier invoice."""
        about = self.issued[self.chance.randrange(len(self.issued))]
        lines = (self.chance.choice(about.lines),)
        is_credit = prefix == "NC"
        data = self._invoice(first, about.customer, prefix)
        correction = CorrectionData(
            number=about.number,
            uuid=about.uuid,
            code="3" if is_credit else "2",
            reason="Descuento acordado con el cliente" if is_credit else "Gastos por cobrar",
        )
        return replace(
            data,
            kind=InvoiceKind.CREDIT_NOTE.value if is_credit else InvoiceKind.DEBIT_NOTE.value,
            type_code="91" if is_credit else "92",
            operation="20" if is_credit else "30",
            issue_date=max(data.issue_date, about.issue_date),
            due_date=max(data.issue_date, about.issue_date),
            payment=PaymentData(form="1", means="10", due_date=max(data.issue_date, about.issue_date)),
            lines=lines,
            taxes=_taxes(lines),
            totals=_totals(lines),
            uuid_scheme="CUDE-SHA384",
            authorization=None,
            correction=correction,
        )

    def _row(self, data: InvoiceData) -> InvoiceData:
        return replace(data, uuid_scheme="", environment="", authorization=None, balance=self._balance(data))

    def _balance(self, data: InvoiceData) -> Decimal:
        return data.totals.payable if self.chance.random() < 0.6 else Decimal(0)

    def _signed(self, data: InvoiceData, position: int) -> InvoiceData:
        """With its code, its QR and DIAN's answer; a few lack it, were refused, or are tests."""
        if position % 173 == 90:
            data = replace(data, environment="2")
        secret = TECHNICAL_KEY if data.uuid_scheme.startswith("CUFE") else SOFTWARE_PIN
        uuid = cufe.of(data, secret)
        answered = f"{data.issue_time:%H:%M}:59-05:00"
        code = {101: "", 57: "04"}.get(position % 211, "02")
        validation = ValidationData(code=code, validation_date=data.issue_date, validation_time=answered)
        return replace(
            data,
            uuid=uuid,
            qr=cufe.qr(data, uuid),
            validation=validation if code else None,
            balance=self._balance(data) if data.kind == InvoiceKind.INVOICE and data.currency == "COP" else None,
        )

    def _day(self, first: date) -> date:
        """Most are billed on the first day; none in the future."""
        last = min(28, self.plan.today.day if first == self.plan.months[1] else 28)
        return first if self.chance.random() < 0.7 else first.replace(day=self.chance.randint(1, last))

    def _how_many_lines(self) -> int:
        return self.chance.choice((1, 1, 1, 2, 2, 3, 4, 6, 9))

    def _line(self) -> LineData:
        name, unit, least, most, percent = self.chance.choice(names.ITEMS)
        quantity = Decimal(self.chance.randint(1, 12) if unit in ("94", "HUR", "KGM") else 1)
        price = (Decimal(self.chance.randint(least * 100, most * 100)) / 100).quantize(CENT)
        return _line_of(name, unit, quantity, price, percent)


def _line_of(name: str, unit: str, quantity: Decimal, price: Decimal, percent: int | None) -> LineData:
    amount = (quantity * price).quantize(CENT)
    taxes: tuple[TaxData, ...] = ()
    if percent is not None:
        tax = (amount * percent / 100).quantize(CENT)
        taxes = (TaxData(code="01", name="IVA", amount=tax, base=amount, percent=Decimal(percent)),)
    return LineData(description=name, amount=amount, quantity=quantity, unit=unit, price=price, taxes=taxes)


def _taxes(lines: Sequence[LineData]) -> tuple[TaxData, ...]:
    """One subtotal a rate."""
    rates: dict[Decimal | None, TaxData] = {}
    for tax in (tax for line in lines for tax in line.taxes):
        seen = rates.get(tax.percent)
        rates[tax.percent] = (
            tax if seen is None else replace(seen, amount=seen.amount + tax.amount, base=_sum(seen, tax))
        )
    return tuple(rates.values())


def _sum(one: TaxData, other: TaxData) -> Decimal:
    return (one.base or Decimal(0)) + (other.base or Decimal(0))


def _totals(lines: Sequence[LineData]) -> TotalsData:
    amount = sum((line.amount for line in lines), Decimal(0))
    base = sum((line.amount for line in lines if line.taxes), Decimal(0))
    total = amount + sum((tax.amount for line in lines for tax in line.taxes), Decimal(0))
    return TotalsData(payable=total, line_extension=amount, tax_exclusive=base, tax_inclusive=total)


def _authorization(prefix: str, first: date) -> AuthorizationData:
    start = first.replace(month=1, day=1) - timedelta(days=200)
    end = start.replace(year=start.year + 2)
    return AuthorizationData(
        number="18760000000001", start=start, end=end, prefix=prefix, range_from="1", range_to="99999"
    )


def _end(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
