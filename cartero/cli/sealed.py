"""Everything in the database that is sealed: each column of a model of ours whose name says so."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model

from cartero.platform import crypto

SUFFIX = "_sealed"


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """One secret, as it lies there."""

    model: type[Model]
    column: str
    pk: int
    value: str

    def __str__(self) -> str:
        return f"{self.model._meta.label_lower} {self.pk}"

    def rotate(self) -> bool:
        """Seals it with the newest key, unless somebody has changed it meanwhile; True if it was done."""
        mine = self.model._default_manager.filter(pk=self.pk, **{self.column: self.value})
        return bool(mine.update(**{self.column: crypto.rotate(self.value)}))


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
            yield Sealed(model=model, column=column, pk=pk, value=value)


def locked() -> list[Sealed]:
    """What none of the keys at hand opens."""
    return [each for each in every() if not _opens(each)]


def _opens(sealed: Sealed) -> bool:
    try:
        crypto.unseal(sealed.value)
    except crypto.SealBroken:
        return False
    return True
