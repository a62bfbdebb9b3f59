"""A mailing from its rows to a real server's mails: the whole pipeline, with a scripted SMTP server at its end."""

import threading
from hashlib import sha256
from threading import Timer

import psycopg
import pytest
from django.db import connection

from cartero.invoices.states import MailStatus
from cartero.mailings import lifecycle, reports
from cartero.mailings.states import DeliveryStatus, MailingStatus
from cartero.parties.models import AddressState
from tests.factories import make_invoice, make_party
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
ALLOW = 'ALTER DATABASE "{}" ALLOW_CONNECTIONS {}'
END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s"


def test_a_mailing_reaches_its_mailboxes(company, ana, register, smtp_server, send_all):
    parties = [make_party(company, f"tercero{n}@example.com") for n in range(12)]
    for party in parties:
        make_invoice(party)
    mailing = register()
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    assert mailing.status == MailingStatus.FINISHED
    assert smtp_server.count_by_recipient() == {f"tercero{n}@example.com": 1 for n in range(12)}
    assert {kept.message_id for kept in smtp_server.mails} == set(
        mailing.deliveries.values_list("message_id", flat=True)
    )
    progress = reports.progress(mailing)
    assert (progress.accepted, progress.waiting, progress.percent) == (12, 0, 100)
    assert parties[0].invoices.get().mail_status == MailStatus.ACCEPTED
    assert parties[0].addresses.get().state == AddressState.VALIDATED


def test_what_the_server_said_outlives_a_database_that_goes_away(started, smtp_server, send_all):
    """It goes after the mail was taken and before that is written down."""
    mailing = started(1)
    ours = connection.cursor().execute("SELECT current_database(), pg_backend_pid()").fetchone()
    elsewhere = postgres_beside()

    def leave(_moment):
        elsewhere.execute(ALLOW.format(ours[0], "false"))
        elsewhere.execute(END, ours)
        Timer(1, elsewhere.execute, [ALLOW.format(ours[0], "true")]).start()
        return False

    smtp_server.answer("end", 250, "ok", when=leave)

    def is_finished():
        send_all(mailing)  # a turn that gets nowhere for long leaves its place to others, and goes on
        return mailing.status == MailingStatus.FINISHED

    wait_until(is_finished, 60)
    wait_until(lambda: not any(thread.name == "renew" for thread in threading.enumerate()), 60)  # its turn is over, too
    assert mailing.deliveries.get().status == DeliveryStatus.ACCEPTED


def postgres_beside():
    settings = connection.get_connection_params()
    names = ("host", "port", "user", "password")
    return psycopg.connect(dbname="postgres", autocommit=True, **{k: settings[k] for k in names if k in settings})


def test_a_refused_address_fails_alone(company, ana, register, smtp_server, send_all):
    for email in ("mala@example.com", "buena@example.com"):
        make_invoice(make_party(company, email))
    smtp_server.answer("rcpt", 550, "5.1.1 no such user", when="mala@example.com")
    mailing = register()
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    states = {delivery.to[0]: (delivery.status, delivery.reason) for delivery in mailing.deliveries.all()}
    assert states["mala@example.com"] == (DeliveryStatus.FAILED, "no_mailbox")
    assert states["buena@example.com"][0] == DeliveryStatus.ACCEPTED
    assert mailing.status == MailingStatus.FINISHED


def test_grouped_one_mail_with_all(company, ana, register, smtp_server, send_all):
    party = make_party(company, "ana@example.com")
    make_invoice(party, "FE1")
    make_invoice(party, "FE2")
    mailing = register(is_grouped=True)
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    assert len(smtp_server.messages) == 1
    assert b"FE1.pdf" in smtp_server.messages[0]
    assert b"FE2.pdf" in smtp_server.messages[0]
    proof = mailing.deliveries.get().proof
    assert proof["sha256"] == sha256(smtp_server.messages[0]).hexdigest()
    assert (proof["from"], proof["tls"]) == ("facturacion@valle.example.co", "")
    assert proof["recipe"] == mailing.recipes.get().pk
