"""Everything in the database that is sealed: each column of a model of ours whose name says so, and second factors."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db.models import Model

from cartero.platform import crypto

SUFFIX = "_sealed"
# Of a second factor: the key of an application of codes, and what recovery codes are made from (pages/session.py).
IN_FACTORS = ("secret", "seed")


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """One secret, as it lies there: all that its column holds, or what stands under `key` in it."""

    model: type[Model]
    column: str
    pk: int
    held: Any
    key: str = ""

    def __str__(self) -> str:
        return f"{self.model._meta.label_lower} {self.pk}"

    @property
    def value(self) -> str:
        value: str = self.held[self.key] if self.key else self.held
        return value

    def rotate(self) -> bool:
        """Seals it with the newest key, unless somebody has changed it meanwhile; True if it was done."""
        fresh = crypto.rotate(self.value)
        mine = self.model._default_manager.filter(pk=self.pk, **{self.column: self.held})
        return bool(mine.update(**{self.column: self.held | {self.key: fresh} if self.key else fresh}))


def columns() -> Iterator[tuple[type[Model], str]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.name.endswith(SUFFIX):
                yield model, field.name


def every() -> Iterator[Sealed]:
    """What is not empty."""
    for model, column in columns():
        rows = model._default_manager.exclude(**{column: ""}).order_by("pk").values_list("pk", column)
        for pk, value in rows:
            yield Sealed(model=model, column=column, pk=pk, held=value)
    for key in IN_FACTORS:
        for pk, data in Authenticator.objects.filter(data__has_key=key).order_by("pk").values_list("pk", "data"):
            yield Sealed(model=Authenticator, column="data", pk=pk, held=data, key=key)


def locked() -> list[Sealed]:
    """What none of the keys at hand opens."""
    return [each for each in every() if not _opens(each)]


def _opens(sealed: Sealed) -> bool:
    try:
        crypto.unseal(sealed.value)
    except crypto.SealBroken:
        return False
    return True
