"""The rows of one invoice -> InvoiceData: what they say of the whole has to agree, and amounts are added by rule.

A total beside each row is the invoice's if the rows add up to it, the row's own if they differ or each row adds up to
its own; where neither can be shown nothing is guessed, and the invoice is refused.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, NamedTuple, TypeAlias

from django.utils.translation import gettext as _

from cartero.importing.headings import Field
from cartero.importing.readers import figures
from cartero.importing.readers.invoice_rows import Line, Reading
from cartero.importing.readers.sheets import place
from cartero.importing.refusals import Remark, UnreadableError
from cartero.invoices import kinds
from cartero.invoices.data import InvoiceData, LineData, PartyData, PaymentData, TaxData, TotalsData

TOLERANCE = Decimal(2)
"""Annex 1.9, 5.2.1: what rounding line by line may add up to."""
_PAYMENT = PaymentData()
_ZERO = Decimal(0)
_CENT = Decimal("0.01")
_IVA = "01"
Lines: TypeAlias = Sequence[Line]


class _Sums(NamedTuple):
    payable: Decimal
    balance: Decimal | None
    subtotal: Decimal | None
    vat: Decimal | None
    discount: Decimal | None


def invoice(lines: Lines, supplier: PartyData, reading: Reading) -> tuple[InvoiceData, tuple[Remark, ...]]:
    """Raises UnreadableError where the rows contradict each other or their total cannot be told."""
    first = lines[0]
    if first.kind in kinds.LOWERING:
        _turn_positive(lines)
    remarks = first.remarks
    if len(lines) == 1:
        sums = _sums_of_one(first, reading, remarks)
    else:
        _check_agreement(lines, reading)
        remarks = [remark for line in lines for remark in line.remarks]
        sums = _sums_of_many(lines, reading, remarks)
    if sums.payable < 0:
        _remark(remarks, reading, first, Field.TOTAL, _("El total es negativo."))
    party = _party(lines, reading, remarks)
    number = first.number
    period = first.period or next((line.period for line in lines if line.period), None)
    data = _made(
        kind=first.kind.value,
        number=number.number,
        prefix=number.prefix,
        sequence=number.sequence,
        issue_date=first.issued,
        due_date=first.due or next((line.due for line in lines if line.due), None),
        period_start=period.start if period else None,
        period_end=period.end if period else None,
        supplier=supplier,
        customer=party,
        currency=first.currency,
        balance=sums.balance,
        uuid="".join(_words(lines, Field.CUFE)).lower() if Field.CUFE in first.words else "",
        notes=_words(lines, Field.NOTE) if Field.NOTE in first.words else (),
        lines=tuple([_line(line, sums.payable) for line in lines if _tells_lines(line)]),
        taxes=() if sums.vat is None else (TaxData(code=_IVA, name="IVA", amount=sums.vat),),
        totals=TotalsData(payable=sums.payable, line_extension=sums.subtotal, allowances=sums.discount),
        payment=_PAYMENT,
    )
    return data, tuple(remarks)


def _made(**values: Any) -> InvoiceData:
    """`InvoiceData(**values)` in a seventh of the time: frozen, it sets each of its 37 fields by a call.

    What is not given stays the default of the class.
    """
    data = object.__new__(InvoiceData)
    data.__dict__.update(values)
    return data


def _sums_of_one(line: Line, reading: Reading, remarks: list[Remark]) -> _Sums:
    get = line.amounts.get
    payable = get(Field.TOTAL)
    if payable is None:
        payable = _reckoned([line], reading, remarks)
    return _Sums(payable, get(Field.BALANCE), _base(line), get(Field.VAT), get(Field.DISCOUNT))


def _sums_of_many(lines: Lines, reading: Reading, remarks: list[Remark]) -> _Sums:
    payable = _payable(lines, reading, remarks)
    balance = _balance(lines, payable, reading)
    if max(abs(payable), abs(balance or _ZERO)) >= figures.MOST:
        raise _unclear(reading, lines[0], _("los valores de la factura %(number)s suman más de 15 cifras"))
    bases = [base for line in lines if (base := _base(line)) is not None]
    subtotal = sum(bases, _ZERO) if bases else None
    return _Sums(payable, balance, subtotal, _vat(lines, subtotal, payable), _discount(lines))


def _check_agreement(lines: Lines, reading: Reading) -> None:
    first = lines[0]
    same: tuple[tuple[Field, Callable[[Line], object]], ...] = (
        (Field.TAX_ID, lambda line: line.party.tax_id),
        (Field.NAME, lambda line: line.party.name.casefold()),
        (Field.ISSUE_DATE, lambda line: line.issued),
        (Field.DUE_DATE, lambda line: line.due),
        (Field.PERIOD, lambda line: line.period and line.period[:2]),
        (Field.CURRENCY, lambda line: line.currency),
        (Field.CUFE, lambda line: line.words.get(Field.CUFE)),
    )
    for field, said in same:
        told = next((line for line in lines if said(line)), first)
        other = next((line for line in lines if said(line) and said(line) != said(told)), None)
        if other:
            raise UnreadableError(
                reading.place(other.row, field),
                _("la factura %(number)s dice otra cosa que en la fila %(row)d")
                % {"number": first.number.number, "row": told.row},
                _("Deje igual ese dato en todas las filas de la factura, o corrija el número."),
            )


def _party(lines: Lines, reading: Reading, remarks: list[Remark]) -> PartyData:
    party = lines[0].party
    if len(lines) > 1 and any(line.party is not party for line in lines):
        emails = tuple(dict.fromkeys(email for line in lines for email in line.party.emails))
        name = next((line.party.name for line in lines if line.party.name), "")
        party = replace(party, emails=emails, name=name)
    if not party.name:
        _remark(remarks, reading, lines[0], Field.NAME, _("No trae nombre; se puso su identificación."))
        party = replace(party, name=party.tax_id)
    return party


def _payable(lines: Lines, reading: Reading, remarks: list[Remark]) -> Decimal:
    stated = [line.amounts.get(Field.TOTAL) for line in lines]
    known = [total for total in stated if total is not None]
    if not known:
        return _reckoned(lines, reading, remarks)
    if len(set(known)) == 1:
        return _repeated(lines, known, reading)
    if len(known) < len(lines):
        blank = next(line for line, total in zip(lines, stated, strict=True) if total is None)
        raise _unclear(reading, blank, _("le falta el total a una fila de la factura %(number)s, y las otras difieren"))
    if not any(_tells_lines(line) for line in lines):
        raise _unclear(reading, lines[1], _("la factura %(number)s está repetida con otro total"))
    return sum(known, _ZERO)  # what differs from row to row is of the row


def _repeated(lines: Lines, known: list[Decimal], reading: Reading) -> Decimal:
    """One total in all rows or some: the invoice's if the rows add up to it, or have nothing to add up and lack it."""
    total = known[0]
    bases = [base for line in lines if (base := _base(line)) is not None]
    taxes = [line.amounts.get(Field.VAT) or _ZERO for line in lines]
    if len(bases) == len(lines):
        added = sum(bases, _ZERO)
        wholes = {added, added + sum(taxes, _ZERO), *([added + taxes[0]] if len(set(taxes)) == 1 else [])}
        if any(_is_near(total, whole) for whole in wholes):
            return total
        # A subtotal may be the invoice's and repeated as the total is, so only what is of the row can show this.
        if len(known) == len(lines) and all(_is_own(line, total) for line in lines):
            return total * len(lines)
    elif len(known) < len(lines):
        return total
    raise _unclear(
        reading,
        lines[1],
        _("la factura %(number)s repite su total, y sus filas no muestran si es de cada una o de todas"),
    )


def _is_own(line: Line, total: Decimal) -> bool:
    base = _own_base(line)
    return base is not None and (
        _is_near(total, base) or _is_near(total, base + (line.amounts.get(Field.VAT) or _ZERO))
    )


def _reckoned(lines: Lines, reading: Reading, remarks: list[Remark]) -> Decimal:
    """Without a total: the amounts of the rows and their IVA."""
    bases = [(line, _base(line)) for line in lines]
    empty = next((line for line, base in bases if base is None), None)
    if empty:
        raise UnreadableError(
            reading.place(empty.row, Field.TOTAL if reading.layout.of(Field.TOTAL) else None),
            _("falta el total de la factura %(number)s") % {"number": empty.number.number},
            _("Escríbalo en esa celda."),
        )
    vat = sum((line.amounts.get(Field.VAT) or _ZERO for line in lines), _ZERO)
    total = vat + sum((base for _line, base in bases if base is not None), _ZERO)
    _remark(remarks, reading, lines[0], Field.TOTAL, _("No trae total; se sumaron sus valores y el IVA."))
    return total.quantize(_CENT, ROUND_HALF_EVEN)  # NTC 3711


def _balance(lines: Lines, payable: Decimal, reading: Reading) -> Decimal | None:
    """Of the invoice where all rows say the same; of the row where they differ as their totals do."""
    stated = [balance for line in lines if (balance := line.amounts.get(Field.BALANCE)) is not None]
    if not stated:
        return None
    totals = [line.amounts.get(Field.TOTAL) for line in lines]
    is_by_row = len(lines) > 1 and len(stated) == len(lines) and totals.count(None) == 0
    is_by_row = is_by_row and sum(total or _ZERO for total in totals) == payable
    if is_by_row and (len(set(stated)) > 1 or stated[0] == totals[0]):
        return sum(stated, _ZERO)
    if len(set(stated)) > 1:
        raise _unclear(reading, lines[1], _("la factura %(number)s tiene un saldo distinto en cada fila"))
    return stated[0]


def _line(line: Line, payable: Decimal) -> LineData:
    words, get = line.words.get, line.amounts.get
    base = _base(line)
    total = get(Field.TOTAL)
    return LineData(
        description=words(Field.DESCRIPTION, ""),
        amount=base if base is not None else payable if total is None else total,
        quantity=get(Field.QUANTITY),
        unit=words(Field.UNIT, ""),
        price=get(Field.UNIT_PRICE),
        code=words(Field.CODE, ""),
    )


def _tells_lines(line: Line) -> bool:
    """Whether a row says what was sold."""
    if line.words.get(Field.DESCRIPTION) or line.words.get(Field.CODE):
        return True
    return line.amounts.get(Field.UNIT_PRICE) is not None or line.amounts.get(Field.LINE_TOTAL) is not None


def _base(line: Line) -> Decimal | None:
    """The amount of a row before taxes: its own, else the subtotal."""
    own = _own_base(line)
    return line.amounts.get(Field.SUBTOTAL) if own is None else own


def _own_base(line: Line) -> Decimal | None:
    """What can only be of the row: as stated, else quantity by price."""
    amounts = line.amounts
    quantity, price = amounts.get(Field.QUANTITY), amounts.get(Field.UNIT_PRICE)
    stated = amounts.get(Field.LINE_TOTAL)
    if stated is None and quantity is not None and price is not None:
        return figures.rounded(quantity * price - (amounts.get(Field.DISCOUNT) or _ZERO))
    return stated


def _vat(lines: Lines, subtotal: Decimal | None, payable: Decimal) -> Decimal | None:
    """Added up, or once where each row repeats the invoice's; nothing where it cannot be told which."""
    stated = [vat for line in lines if (vat := line.amounts.get(Field.VAT)) is not None]
    if len(lines) == 1 or len(set(stated)) != 1:
        return sum(stated, _ZERO) if stated else None
    candidates = (sum(stated, _ZERO), stated[0])
    return next((vat for vat in candidates if subtotal is not None and _is_near(subtotal + vat, payable)), None)


def _discount(lines: Lines) -> Decimal | None:
    stated = [discount for line in lines if (discount := line.amounts.get(Field.DISCOUNT)) is not None]
    is_told = len(lines) == 1 or len(set(stated)) > 1
    return sum(stated, _ZERO) if stated and is_told else None


def _turn_positive(lines: Lines) -> None:
    """Reports of sales write notes with a minus; the note itself has none."""
    if any((line.amounts.get(Field.TOTAL) or _ZERO) < 0 for line in lines):
        for line in lines:
            line.amounts = {field: None if amount is None else abs(amount) for field, amount in line.amounts.items()}


def _words(lines: Lines, field: Field) -> tuple[str, ...]:
    """Each once, in their order."""
    return tuple(dict.fromkeys(word for line in lines if (word := line.words.get(field))))


def _is_near(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= TOLERANCE


def _remark(remarks: list[Remark], reading: Reading, line: Line, field: Field, text: str) -> None:
    remarks.append(Remark(where=reading.place(line.row, field), text=text))


def _unclear(reading: Reading, line: Line, what: str) -> UnreadableError:
    return UnreadableError(
        place(reading.sheet, line.row),
        what % {"number": line.number.number},
        _("Deje una fila por factura, o una por renglón con su valor en una columna «Valor del renglón»."),
    )
