from django.db import models


class WorkerProof(models.Model):
    """What one worker sees of what all must share, at its last look; `cartero doctor` holds them against each other."""

    worker = models.CharField(max_length=300, unique=True)  # machine and process
    seen_at = models.DateTimeField()  # by the database's clock
    secret = models.CharField(max_length=16)  # fingerprint of the secret key
    keys = models.JSONField()  # fingerprints of the encryption keys, newest first
    marker = models.CharField(max_length=100, blank=True)  # what lies in the storage; empty: it could not be used
    files = models.CharField(max_length=500)  # where it looks for it
    behind = models.PositiveIntegerField()  # migrations of the database that its program does not know
    skew = models.FloatField()  # seconds that its clock is ahead of the database's
    is_pooled = models.BooleanField()  # its connections go through a pooler that gives each transaction another
