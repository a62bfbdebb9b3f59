import pytest

from cartero.mailings import lifecycle, sending
from cartero.mailings.models import Delivery
from cartero.mailings.states import DeliveryStatus
from tests.factories import make_invoice, make_party

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_group_may_hold_what_was_taken_and_what_waits(company, ana, account, register, smtp_server):
    """Both are written in one statement; were it refused, mails that have gone would be in doubt."""
    for email in ("pronta@example.com", "espera@example.com"):
        make_invoice(make_party(company, email))
    smtp_server.answer("rcpt", 451, "4.7.1 greylisted, come back", when="espera@example.com")
    mailing = register()
    lifecycle.start(mailing, by=ana)
    sending.send_some(mailing.pk)
    found = dict(Delivery.objects.filter(mailing=mailing).values_list("to__0", "status"))
    assert found == {"pronta@example.com": DeliveryStatus.ACCEPTED, "espera@example.com": DeliveryStatus.PENDING}
    waits = Delivery.objects.get(mailing=mailing, status=DeliveryStatus.PENDING)
    assert (waits.attempts, waits.reply_code) == (1, 451)
