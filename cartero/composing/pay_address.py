"""The company's address for payments, in which each mail writes what is paid: the comodines of a message, as programs
read them (`1250000.00`, `900511204`, `2026-07-15`)."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from urllib.parse import quote

from cartero.composing import fields, sums, values
from cartero.composing.letter import LetterDocument, Recipient, Sender

_AUTHORITY = re.compile(r"\w+://[^/?#]*")
_NIT = re.compile(r"[\d.]+(-\d)?", re.ASCII)


def names_host(address: str) -> bool:
    """Whether a comodín decides to whose server `address` leads, which none may."""
    found = _AUTHORITY.match(address)
    return found is None or "{" in found[0]


def sample(address: str) -> str:
    """`address` with something in each of its comodines, to see whether it is one."""
    return fields.join(fields.cut(address), {}, lambda _value, _in_url: "x")


def fill(
    address: str, documents: Sequence[LetterDocument], *, recipient: Recipient, sender: Sender, period: str = ""
) -> str:
    """`address` for a mail, its values percent-encoded (RFC 3986, 2.1). What is owed in several currencies stays empty.

    Where a balance is not known, `factura.saldo` is the total: what the page asks for.
    """
    told = values.values_for(documents, recipient=recipient, sender=sender, period=period)
    plain = told | _plain(documents, told)
    return fields.join(fields.cut(address), plain, lambda value, _in_url: quote(value, safe=""))


def _plain(documents: Sequence[LetterDocument], told: Mapping[str, str]) -> dict[str, str]:
    total, days = sums.totals(documents), [each.issue_date for each in documents]
    due = [each.due_date for each in documents if each.due_date]
    return {
        "tercero.nit": _nit(told["tercero.nit"]),
        "empresa.nit": _nit(told["empresa.nit"]),
        "factura.numero": ",".join(each.number for each in documents),
        "factura.total": _amount(total),
        "documentos.total": _amount(total),
        "factura.saldo": _amount(total | sums.balances(documents)),
        "factura.fecha": min(days).isoformat() if days else "",
        "factura.vencimiento": min(due).isoformat() if due else "",
        "documentos.cantidad": str(len(documents)),
    }


def _nit(written: str) -> str:
    """Without points and check digit; what is no NIT as it is."""
    return written.replace(".", "").partition("-")[0] if _NIT.fullmatch(written) else written


def _amount(found: Mapping[str, Decimal]) -> str:
    return f"{next(iter(found.values())):.2f}" if len(found) == 1 else ""
