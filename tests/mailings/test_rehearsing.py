from threading import Thread

import pytest
from django.db import connection

from cartero.mailings import rehearsing
from cartero.mailings.models import Mailing

HOLD = "SELECT FROM mailings_mailing WHERE id = %s FOR NO KEY UPDATE"
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
TAKE = "SELECT FROM mailings_delivery WHERE mailing_id = %s FOR UPDATE NOWAIT"


def rehearse(mailing: Mailing) -> None:
    try:
        while rehearsing.rehearse_some(mailing.pk):
            pass
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_one_that_is_cancelled_meanwhile_keeps_nobody_waiting(mailing_of):
    """Who cancels has the mailing first and wants its mails then; the other way round, one of them would be ended."""
    mailing = mailing_of(3)
    ensayo = Thread(target=rehearse, args=[mailing])
    beside = connection.copy()
    try:
        with beside.cursor() as canceller, connection.cursor() as cursor:
            canceller.execute("BEGIN")
            canceller.execute(HOLD, [mailing.pk])
            ensayo.start()
            while cursor.execute(WAITS).fetchone() == (0,):  # type: ignore[union-attr]  # psycopg's, which Django wraps
                assert ensayo.is_alive()
            canceller.execute(TAKE, [mailing.pk])
            canceller.execute("COMMIT")
    finally:
        beside.close()
        ensayo.join()
    mailing.refresh_from_db()
    assert mailing.rehearsal == "ok"


@pytest.mark.django_db(transaction=True)
def test_what_is_to_be_tried_again_is_found_behind_what_was_reached(mailing_of):
    mailing = mailing_of(3)
    rehearse(mailing)
    first = mailing.deliveries.order_by("pk")[0]
    mailing.deliveries.filter(pk=first.pk).update(rehearsal="due", rehearsal_at=None)
    Mailing.objects.filter(pk=mailing.pk).update(rehearsal="due")
    rehearse(mailing)
    first.refresh_from_db()
    assert first.rehearsal == "ok"
    mailing.refresh_from_db()
    assert mailing.rehearsal == "ok"
