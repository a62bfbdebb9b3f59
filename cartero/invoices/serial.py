"""InvoiceData as JSON and back, without loss: amounts as text, dates by ISO 8601, values at their default left out."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from cartero.invoices.data import InvoiceData

_SCALARS: dict[Any, Callable[[Any], Any]] = {
    str: str,
    int: int,
    bool: bool,
    Decimal: Decimal,
    date: date.fromisoformat,
    time: time.fromisoformat,
}


def to_json(data: Any) -> dict[str, Any]:
    """A frozen dataclass of `data.py` as what json.dumps takes."""
    plain = {}
    for name, default in _defaults(data.__class__):
        value = getattr(data, name)
        if value != default:
            plain[name] = _plain(value)
    return plain


def from_json(plain: dict[str, Any]) -> InvoiceData:
    """The same InvoiceData that `to_json` was given. Raises KeyError or ValueError on what it did not write."""
    data: InvoiceData = _reader(InvoiceData)(plain)
    return data


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return to_json(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    return value


@cache
def _defaults(shape: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((each.name, each.default) for each in fields(shape))


@cache
def _reader(wanted: Any) -> Callable[[Any], Any]:
    if wanted in _SCALARS:
        return _SCALARS[wanted]
    if isinstance(wanted, type) and is_dataclass(wanted):
        hints = get_type_hints(wanted)
        readers = {each.name: _reader(hints[each.name]) for each in fields(wanted)}
        return lambda plain: wanted(**{name: readers[name](value) for name, value in plain.items()})
    if get_origin(wanted) is UnionType:
        (inner,) = (arg for arg in get_args(wanted) if arg is not NoneType)
        return _reader(inner)
    items = _reader(get_args(wanted)[0])  # what is left is tuple[X, ...]
    return lambda plain: tuple(items(item) for item in plain)
