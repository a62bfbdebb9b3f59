"""The filters by state above a list."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A state, with how many are in it where that is known; the one without a value is all of them."""

    value: str
    label: str | Promise
    count: int | None
    is_current: bool
