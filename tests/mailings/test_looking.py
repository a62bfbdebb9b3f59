from datetime import UTC, datetime, timedelta

import pytest

from cartero.mailings.looking import next_look, next_try

SINCE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def after(minutes):
    return SINCE + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("now", "then"), [(-1, 0), (0, 1), (0.9, 1), (1, 5), (5, 15), (14, 15), (16, 60), (60, None), (9_999, None)]
)
def test_it_is_looked_for_at_once_and_after_1_5_15_and_60_minutes(now, then):
    assert next_look(SINCE, after(now)) == (None if then is None else after(then))


@pytest.mark.parametrize(("now", "then"), [(2, 5), (60, 75), (600, 615), (1_440, None)])
def test_a_folder_that_cannot_be_read_is_tried_for_a_day(now, then):
    assert next_try(SINCE, after(now)) == (None if then is None else after(then))
