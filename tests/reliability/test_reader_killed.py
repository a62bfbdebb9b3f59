"""Workers that are killed while they read what came back: nothing is dealt with twice, and nothing is lost."""

from collections.abc import Iterator

import pytest

from tests.dovecot import PASSWORD, USER, Dovecot
from tests.importing.ubl_documents import COMPANY
from tests.reliability.machine import Machine, kill
from tests.tracking.returning import POSTFIX, failed, report
from tests.waiting import wait_until

MAILS = 120
DEATHS = (10, 60)  # once so many have been dealt with


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot(folders={"Leidos": ""}).start()
    yield server
    server.stop()


def bounces(here: Machine, mailing: int) -> list[bytes]:
    return [
        report(
            POSTFIX,
            failed("5.1.1", "smtp; 550 5.1.1 User unknown", each["to"][0]),
            original=f"To: {each['to'][0]}\nMessage-ID: {each['message_id']}\n",
        )
        for each in here.do("deliveries", mailing)
    ]


def counted(here: Machine, what: str) -> int:
    return int(here.do("query", f"SELECT count(*) FROM {what}")[0][0])  # noqa: S608  our own


def read(here: Machine) -> None:
    """The job that the schedule gives every 15 seconds, now; the time of who read before is over."""
    here.do("query", "UPDATE transport_readingmailbox SET watched_until = NULL")
    ((box,),) = here.do("query", "SELECT id FROM transport_readingmailbox")
    columns = "queue_name, task_name, priority, args"
    values = f"'upkeep', 'read_mailbox', 9, '{{\"mailbox_id\": {box}}}'"
    here.do("query", f"INSERT INTO procrastinate_jobs ({columns}) VALUES ({values})")  # noqa: S608  our own


def test_a_reader_may_die_at_any_instant(here: Machine, dovecot: Dovecot) -> None:
    here.serve()
    mailing = here.start(1, MAILS)
    sender = here.work()
    here.wait_for_end(mailing)
    kill(sender)
    dovecot.put("INBOX", *bounces(here, mailing))
    password = here.home / "imap"
    password.write_text(PASSWORD, encoding="utf-8")
    place = ["--host", "127.0.0.1", "--port", dovecot.port, "--security", "none", "--user", USER]
    which = ["--company", COMPANY, "--name", "principal"]
    here.run("account", "reading", *which, *place, "--password-file", password, "--moved-to", "Leidos")
    for enough in DEATHS:
        victim = here.work()
        read(here)
        wait_until(lambda n=enough: counted(here, "tracking_receipt") >= n, 60, lambda: here.told(mailing))
        kill(victim)
    assert counted(here, "tracking_receipt") < MAILS, "they died too late to prove anything"
    here.work()
    read(here)
    wait_until(lambda: len(dovecot.flags("Leidos")) == MAILS, 60, lambda: here.told(mailing))
    assert dovecot.flags("INBOX") == []
    assert here.do("counted", mailing) == {"bounced": MAILS}
    of_mailing = f"mailings_event WHERE kind = 'bounced' AND mailing_id = {mailing}"
    assert counted(here, of_mailing) == counted(here, "tracking_receipt WHERE delivery_id IS NOT NULL") == MAILS
