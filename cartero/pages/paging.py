"""Lists in pages by key: no OFFSET and no count, so that page 20,000 is as quick as the first."""

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldError, ValidationError
from django.db.models import F, Lookup, Model, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.http import QueryDict

SIZE = 50
PARAMETER = "desde"
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, kw_only=True)
class Slice(Generic[M]):
    """One page of a list. `previous` and `next` are query strings, empty where there is none."""

    rows: list[M]
    previous: str
    next: str

    def __iter__(self) -> Iterator[M]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def by_key(rows: QuerySet[M], asked: QueryDict, order: Sequence[str], *, size: int = SIZE) -> Slice[M]:
    """The page that `asked` names, one query. `order` goes one way only, has no nulls, and ends with a unique field."""
    cursor = _read(asked.get(PARAMETER, ""), len(order))
    try:
        found = _found(rows, order, cursor, size + 1)
    except (FieldError, ValidationError, ValueError, TypeError):  # a key of another order: begin anew
        cursor = None
        found = _found(rows, order, None, size + 1)
    backwards = cursor is not None and cursor["back"]
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_previous, has_next = (more, True) if backwards else (cursor is not None, more)
    return Slice(
        rows=found,
        previous=_link(asked, order, found[0], back=True) if has_previous and found else "",
        next=_link(asked, order, found[-1], back=False) if has_next and found else "",
    )


def place(asked: QueryDict, order: Sequence[str]) -> tuple[list[Any], bool] | None:
    """The key behind which the page that `asked` names begins, and whether it goes backwards; None for the first."""
    cursor = _read(asked.get(PARAMETER, ""), len(order))
    return (cursor["key"], cursor["back"]) if cursor else None


def beside(rows: QuerySet[M], row: M, order: Sequence[str]) -> tuple[M | None, M | None]:
    """What stands before and after `row` in the list; `row` comes from the same query. Two queries."""
    key = [_value(row, name.removeprefix("-")) for name in order]
    before = rows.filter(_beyond(order, key, backwards=True)).order_by(*map(_turned, order))
    after = rows.filter(_beyond(order, key, backwards=False)).order_by(*order)
    return before.first(), after.first()


def _found(rows: QuerySet[M], order: Sequence[str], cursor: Mapping[str, Any] | None, most: int) -> list[M]:
    """So many from where the cursor stands, in the direction that it looks in."""
    if cursor is None:
        return list(rows.order_by(*order)[:most])
    rows = rows.filter(_beyond(order, cursor["key"], backwards=cursor["back"]))
    return list(rows.order_by(*(map(_turned, order) if cursor["back"] else order))[:most])


def _beyond(order: Sequence[str], key: Sequence[Any], *, backwards: bool) -> "Lookup[bool]":
    """Rows after `key` in `order`: `(a, b) > (x, y)`, so that an index on (a, b) is read from just there."""
    downwards = order[0].startswith("-") != backwards
    names = [F(name.removeprefix("-")) for name in order]
    return (TupleLessThan if downwards else TupleGreaterThan)(names, key)


def _turned(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _link(asked: QueryDict, order: Sequence[str], row: Model, *, back: bool) -> str:
    key = [_plain(_value(row, name.removeprefix("-"))) for name in order]
    token = base64.urlsafe_b64encode(json.dumps([back, key]).encode()).decode().rstrip("=")
    query = asked.copy()
    query[PARAMETER] = token
    return f"?{query.urlencode()}"


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _read(token: str, length: int) -> Mapping[str, Any] | None:
    """The cursor of a link; None for what is not one of ours."""
    try:
        back, key = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (ValueError, TypeError):
        return None
    is_key = isinstance(key, list) and len(key) == length
    if not is_key or not all(map(_is_storable, key)):
        return None
    return {"back": bool(back), "key": key}


def _is_storable(value: object) -> bool:
    """Whether the database could hold it: no NUL, no half of a surrogate pair, no number that is too large."""
    if isinstance(value, str):
        return not re.search(r"[\x00\ud800-\udfff]", value) and value != "NaN"
    return isinstance(value, int) and abs(value) < 2**63
