import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from cartero.importing.models import Import, ImportStatus
from cartero.mailings.models import Mailing
from cartero.mailings.states import DeliveryStatus, MailingKind, MailingStatus
from cartero.pages import metrics
from tests.factories import make_account, make_company

pytestmark = pytest.mark.django_db


def read(**meta):
    answer = Client().get("/metrics", **meta)
    assert answer.status_code == 200
    return dict(line.rsplit(" ", 1) for line in answer.content.decode().splitlines() if not line.startswith("#"))


def test_every_gauge_is_there_and_counts():
    company = make_company()
    account = make_account(company, per_day=0)
    make_account(company, name="Otra", paused_until=timezone.now() + timedelta(minutes=5))
    kind = {"kind": MailingKind.COPY, "status": MailingStatus.SENDING}
    mailing = Mailing.objects.create(company=company, account=account, number=1, name="Mes", **kind)
    for shard, many in enumerate((3, 4)):
        mailing.tallies.create(state=DeliveryStatus.ACCEPTED, shard=shard, deliveries=many)
    for seconds, many in ((5, 100), (30, 6), (50, 7), (90, 100)):  # the minute that is full
        mailing.paces.create(at=timezone.now() - timedelta(seconds=seconds), shard=seconds, accepted=many)
    Import.objects.create(company=company, status=ImportStatus.READING)
    values = read()
    assert {re.sub(r"{.*", "", name) for name in values} == metrics.GAUGES.keys()
    assert values['cartero_deliveries{state="accepted"}'] == "7"
    assert values['cartero_mailings{status="sending"}'] == "1"
    assert values["cartero_mails_accepted_last_minute"] == "13"
    assert values['cartero_imports{state="reading"}'] == "1"
    assert (values["cartero_accounts_limited"], values["cartero_accounts_paused"]) == ("1", "1")
    assert float(values["cartero_database_bytes"]) > 1_000_000
    assert 0 < float(values["cartero_database_connections"]) < float(values["cartero_database_connections_allowed"])


def test_jobs_are_told_apart():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at) VALUES"
            " ('mail', 'send', 'todo', now() - interval '90 seconds'), ('mail', 'send', 'todo', NULL),"
            " ('mail', 'send', 'todo', now() + interval '1 hour'), ('mail', 'send', 'doing', NULL)"
        )
    values = read()
    states = {state: values[f'cartero_jobs{{state="{state}"}}'] for state in ("waiting", "later", "doing")}
    assert states == {"waiting": "2", "later": "1", "doing": "1"}
    assert 90 <= float(values["cartero_oldest_job_seconds"]) < 100


def test_it_is_one_question_and_one_for_the_limits(django_assert_max_num_queries):
    with django_assert_max_num_queries(3):  # one only where nothing was asked before
        read()


def test_a_gauge_is_told_about_once():
    text = metrics.exposed([("cartero_jobs", "doing", 2), ("cartero_workers", "", 1.5), ("cartero_jobs", "later", 0)])
    assert text.splitlines() == [
        "# HELP cartero_jobs Jobs: waiting (due), later (due at an hour to come), doing.",
        "# TYPE cartero_jobs gauge",
        'cartero_jobs{state="doing"} 2',
        'cartero_jobs{state="later"} 0',
        "# HELP cartero_workers Workers alive on all machines, by their heartbeats.",
        "# TYPE cartero_workers gauge",
        "cartero_workers 1.5",
    ]


WAYS = [
    ("", {}, 200),  # this machine
    ("", {"REMOTE_ADDR": "10.1.2.3"}, 200),
    ("", {"REMOTE_ADDR": "::1"}, 200),
    ("", {"REMOTE_ADDR": "::ffff:10.1.2.3"}, 200),
    ("", {"REMOTE_ADDR": "8.8.8.8"}, 403),
    ("", {"REMOTE_ADDR": "::ffff:8.8.8.8"}, 403),  # for ipaddress, that network is private
    ("", {"REMOTE_ADDR": "2001:4860:4860::8888"}, 403),
    ("", {"HTTP_X_FORWARDED_FOR": "10.1.2.3"}, 403),  # anybody may write that header; the proxy's address is near
    ("", {"HTTP_FORWARDED": "for=10.1.2.3"}, 403),
    ("", {"HTTP_AUTHORIZATION": "Bearer "}, 200),
    ("clave", {}, 403),
    ("clave", {"HTTP_AUTHORIZATION": "Bearer otra"}, 403),
    ("clave", {"HTTP_AUTHORIZATION": "Bearer clavé"}, 403),
    ("clave", {"HTTP_AUTHORIZATION": "Bearer clave"}, 200),
    ("clave", {"HTTP_AUTHORIZATION": "Bearer clave", "REMOTE_ADDR": "8.8.8.8", "HTTP_X_FORWARDED_FOR": "8.8.4.4"}, 200),
]


@pytest.mark.parametrize(("token", "meta", "status"), WAYS)
def test_who_may_read(token, meta, status, settings):
    settings.METRICS_TOKEN = token
    assert Client().get("/metrics", **meta).status_code == status
