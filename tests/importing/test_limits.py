import pytest
from django.utils import timezone

from cartero.importing import limits
from cartero.importing.errors import NothingReceived, TooLarge, TooManyFiles, TooManyUnfinished
from cartero.importing.models import Import, ImportStatus
from tests.factories import make_company

REFUSED = [
    ([], NothingReceived),  # she pressed the button alone
    ([0, 0], NothingReceived),  # empty files
    ([1] * 21, TooManyFiles),
    ([limits.MOST_BYTES, 1], TooLarge),  # the whole request counts, not a file
]


@pytest.mark.parametrize(("sizes", "refusal"), REFUSED)
def test_what_is_too_much_is_refused(sizes, refusal):
    with pytest.raises(refusal):
        limits.check_files(sizes)


@pytest.mark.parametrize("sizes", [[1], [1] * 20, [limits.MOST_BYTES], [0, 5]])
def test_up_to_the_limit_all_may_come(sizes):
    limits.check_files(sizes)


def test_the_refusal_says_how_much_it_was():
    with pytest.raises(TooLarge) as refused:
        limits.check_files([612 * 1024 * 1024])
    assert refused.value.user_text.startswith("Lo que subió pesa 612 MB; el máximo es 500 MB.")


@pytest.mark.django_db
def test_ten_unfinished_ones_of_an_hour_are_enough():
    company, other = make_company(), make_company()
    sources = [Import.objects.create(company=company, status=ImportStatus.READING) for _n in range(10)]
    with pytest.raises(TooManyUnfinished):
        limits.check_company(company)
    limits.check_company(other)
    Import.objects.filter(pk=sources[0].pk).update(status=ImportStatus.FINISHED)
    limits.check_company(company)


@pytest.mark.django_db
def test_those_of_before_do_not_count():
    company = make_company()
    for _n in range(10):
        Import.objects.create(company=company)
    Import.objects.update(created_at=timezone.now() - 2 * limits.WINDOW)
    limits.check_company(company)
