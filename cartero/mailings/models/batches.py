from django.db import models

from cartero.mailings.models.mailing import Mailing
from cartero.mailings.states import BatchThen


class Batches(models.Model):
    """That a mailing goes in parts (tandas), and which of them goes. A delivery of a part that has not had its turn
    yet is pending and has no `retry_at`, so that no worker claims it."""

    mailing = models.OneToOneField(Mailing, on_delete=models.CASCADE, related_name="batches")
    size = models.PositiveIntegerField()
    wait_minutes = models.PositiveIntegerField()
    then = models.CharField(max_length=10, choices=BatchThen)
    number = models.PositiveIntegerField(default=0)  # of the part that goes, or waits
    mails = models.PositiveIntegerField(default=0)  # in that part
    first = models.BigIntegerField(default=0)  # the id of its first delivery
    until = models.DateTimeField(null=True)  # how long it waits for what bounces; null while it goes

    class Meta:
        indexes = [
            models.Index("until", condition=models.Q(until__isnull=False), name="batches_waiting"),  # batching.py
        ]
