"""Reads environment variables once, at start; a wrong value fails loudly. `X_FILE` names the file that holds `X`."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, *, default: str = "") -> str:
    """The value of `name`, or the content of the file that `name_FILE` names, stripped."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE={file!r}: {error.strerror}") from error
    return os.environ.get(name, default)


def flag(name: str, *, default: bool = False) -> bool:
    value = text(name)
    if value == "":
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: use 1 or 0")


def number(name: str, *, default: int) -> int:
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={value!r}: use a whole number") from error


def seconds(name: str, *, default: float) -> float:
    value = text(name)
    try:
        return float(value) if value else default
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={value!r}: use seconds, such as 30 or 0.5") from error


def words(name: str, *, default: tuple[str, ...] = ()) -> list[str]:
    """A list separated by commas."""
    value = text(name)
    return [word.strip() for word in value.split(",") if word.strip()] if value else list(default)


def files(name: str, *, default: str) -> str:
    """A folder, or `s3://bucket/prefix?endpoint=https://…&region=…`; a key of that storage does not belong into it."""
    value = text(name) or default
    address = urlsplit(value)
    if address.scheme == "s3":
        told = dict(parse_qsl(address.query, keep_blank_values=True))
        endpoint = told.get("endpoint", "https://")
        if (
            not address.hostname
            or "@" in address.netloc
            or told.keys() - {"endpoint", "region"}
            or "://" not in endpoint
        ):
            raise ImproperlyConfigured(f"{name}: use s3://bucket/prefix?endpoint=https://…&region=…, without a key")
    return value
