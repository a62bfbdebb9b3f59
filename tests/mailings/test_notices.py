import pytest
from django.core import mail

from cartero.mailings import lifecycle, notices
from cartero.mailings.models import Delivery
from cartero.mailings.states import DeliveryStatus


@pytest.mark.django_db
def test_the_summary_counts_without_a_plural(started, ana, settings):
    settings.EMAIL_HOST = "localhost"
    mailing = started(2)
    first, second = Delivery.objects.filter(mailing=mailing).order_by("pk")
    Delivery.objects.filter(pk=first.pk).update(status=DeliveryStatus.ACCEPTED)
    Delivery.objects.filter(pk=second.pk).update(status=DeliveryStatus.FAILED)
    lifecycle.finish_if_done(mailing)
    notices.tell_finished(mailing.pk)
    (told,) = mail.outbox
    assert told.subject == f"Terminó el envío {mailing.number}. Enviados: 1. Fallidos: 1."
    assert told.to == [ana.email]
