"""How much one import may bring, and how many may wait. Every door asks here before it reads."""

from datetime import timedelta

from django.db.models.functions import Now

from cartero.companies.models import Company
from cartero.importing.errors import NothingReceived, TooLarge, TooManyFiles, TooManyUnfinished
from cartero.importing.models import Import, ImportStatus
from cartero.platform import formats

MOST_BYTES = 500 * 1024 * 1024
MOST_FILES = 20
MOST_UNFINISHED = 10
WINDOW = timedelta(hours=1)
_UNFINISHED = (ImportStatus.RECEIVED, ImportStatus.READING, ImportStatus.NEEDS_MAPPING)


def check_files(sizes: list[int]) -> None:
    """`sizes` in bytes, one a file. Raises NothingReceived, TooManyFiles, TooLarge."""
    if not any(sizes):
        raise NothingReceived()
    if len(sizes) > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    if sum(sizes) > MOST_BYTES:
        raise too_large(sum(sizes))


def check_company(company: Company) -> None:
    """Raises TooManyUnfinished."""
    recent = Import.objects.of(company).filter(created_at__gt=Now() - WINDOW, status__in=_UNFINISHED)
    if recent.count() >= MOST_UNFINISHED:
        raise TooManyUnfinished(most=MOST_UNFINISHED)


def too_large(size: int) -> TooLarge:
    return TooLarge(size=formats.size(size), most=formats.size(MOST_BYTES))
