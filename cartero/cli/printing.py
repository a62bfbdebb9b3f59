"""What commands print: one JSON object for programs, lines for people."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import typer


def tell(facts: Mapping[str, Any], line: str, *, as_json: bool) -> None:
    """`facts` as one JSON object, or `line`."""
    typer.echo(json.dumps(facts, default=_plain, ensure_ascii=False) if as_json else line)


def tell_lines(rows: Iterable[Mapping[str, Any]]) -> None:
    """One JSON object a line, as they come."""
    for row in rows:
        typer.echo(json.dumps(row, default=_plain, ensure_ascii=False))


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)
