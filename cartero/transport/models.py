from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company
from cartero.platform import crypto
from cartero.transport import mailbox_words, relays
from cartero.transport.presets import Security
from cartero.transport.ways import BY_API, Way


class MailAccountQuerySet(models.QuerySet["MailAccount"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)

    def active(self) -> Self:
        return self.filter(is_active=True)


class WithPassword(models.Model):
    """What logs in somewhere; the password, or the key of an API, is kept sealed."""

    password_sealed = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def password(self) -> str:
        """In clear. Raises crypto.SealBroken when its key is gone."""
        return crypto.unseal(self.password_sealed)

    @password.setter
    def password(self, secret: str) -> None:
        self.password_sealed = crypto.seal(secret)


class MailAccount(WithPassword):
    """Where a company's mails leave from. Limits count recipients, and all workers of all machines share them."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("nombre"), max_length=60)
    from_address = models.CharField(_("sale desde"), max_length=254)
    from_name = models.CharField(_("nombre de quien envía"), max_length=200, blank=True)
    reply_to = models.CharField(_("responder a"), max_length=254, blank=True)
    way = models.CharField(_("cómo sale"), max_length=10, choices=Way, default=Way.PASSWORD, db_default=Way.PASSWORD)
    host = models.CharField(_("servidor"), max_length=253)
    port = models.PositiveIntegerField(_("puerto"), default=587)
    security = models.CharField(_("seguridad"), max_length=10, choices=Security, default=Security.STARTTLS)
    username = models.CharField(_("usuario"), max_length=254, blank=True)
    # Of a provider that has several.
    region = models.CharField(_("región"), max_length=30, blank=True, default="", db_default="")
    # Where what cannot be delivered comes back; `*` stands for a mark of each mail's own. Empty: where it leaves from.
    return_address = models.CharField(_("devoluciones a"), max_length=254, blank=True, default="", db_default="")
    # Only the operator, on the command line, may name a loopback or private host.
    private_allowed = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    per_minute = models.PositiveIntegerField(_("por minuto"), null=True, blank=True)
    per_hour = models.PositiveIntegerField(_("por hora"), null=True, blank=True)
    per_day = models.PositiveIntegerField(_("por día"), null=True, blank=True)
    connections = models.PositiveSmallIntegerField(_("conexiones"), default=4)
    max_size = models.PositiveIntegerField(_("tamaño máximo de un correo, en bytes"), default=25_000_000)

    # Recipients that went, by minute, hour and day and the piece of it in which they did: see pacing.Usage.
    used = models.JSONField(default=dict)

    # What the server has taught: slowness climbs back, ceilings last a day.
    learned_connections = models.PositiveSmallIntegerField(null=True)
    learned_per_minute = models.PositiveIntegerField(null=True)
    learned_at = models.DateTimeField(null=True)
    learned_most_connections = models.PositiveSmallIntegerField(null=True)
    learned_per_connection = models.PositiveIntegerField(null=True)
    learned_ceiling_at = models.DateTimeField(null=True)

    # Whether its server has let us in with this login; until it has, one worker alone tries.
    is_proven = models.BooleanField(default=False, db_default=False)

    paused_until = models.DateTimeField(null=True)
    paused_since = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=60, blank=True)
    pause_reply = models.CharField(max_length=500, blank=True)
    stopped_reason = models.CharField(max_length=60, blank=True)
    stopped_reply = models.CharField(max_length=500, blank=True)
    tested_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MailAccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="account_named_once"),
            models.UniqueConstraint(fields=["company", "id"], name="account_of_company"),
        ]

    @property
    def provider(self) -> Way | None:
        """Who calls with what became of its mails: whose API they leave by, or whose server."""
        way = Way(self.way)
        if way in BY_API:
            return way
        return relays.of(self.host) if way == Way.PASSWORD else None

    def __str__(self) -> str:
        return self.from_address


class Grant(models.Model):
    """Leave that a person gave to send with the account's mailbox (OAuth 2), until she or her company takes it back."""

    account = models.OneToOneField(MailAccount, on_delete=models.CASCADE, related_name="grant")
    refresh_sealed = models.TextField()
    access_sealed = models.TextField(blank=True)
    access_until = models.DateTimeField()
    granted_at = models.DateTimeField()


class ConnectionSlot(models.Model):
    """A connection that a worker holds at an account's server, so that all machines together keep its limit."""

    account = models.ForeignKey(MailAccount, on_delete=models.CASCADE, related_name="slots")
    position = models.PositiveSmallIntegerField()
    holder = models.UUIDField(null=True)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "position"], name="connection_slot_once")]


class WithMailbox(WithPassword):
    """Where a mailbox of an account is read, over IMAP. Without `username` and password, by the account's own login."""

    host = models.CharField(_("servidor IMAP"), max_length=253)
    port = models.PositiveIntegerField(_("puerto IMAP"), default=993)
    security = models.CharField(_("seguridad IMAP"), max_length=10, choices=Security, default=Security.TLS)
    username = models.CharField(_("usuario IMAP"), max_length=254, blank=True)
    private_allowed = models.BooleanField(default=False)  # as MailAccount's

    # What was wrong with the last look. After a refused login nobody looks until it is changed.
    trouble = models.CharField(max_length=60, blank=True)
    trouble_reply = models.CharField(max_length=500, blank=True)
    is_refused = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.host

    @property
    def happened(self) -> mailbox_words.Words:
        """What was wrong with the last look; empty where nothing was."""
        return mailbox_words.happened(self.trouble) if self.trouble else ""

    @property
    def you_can(self) -> mailbox_words.Words:
        return mailbox_words.you_can(self.trouble) if self.trouble else ""


class SentFolder(WithMailbox):
    """The folder in which an account's mails can be found after they went. Read only for what is in doubt."""

    account = models.OneToOneField(MailAccount, on_delete=models.CASCADE, related_name="sent_folder")
    name = models.CharField(_("carpeta"), max_length=200, blank=True)  # empty: found by its use, or its usual names
    keeps_all = models.BooleanField(_("guarda todo lo que sale"), default=False)  # so that an absence says something
    looked_at = models.DateTimeField(null=True)
    looked_in = models.CharField(max_length=200, blank=True)


class ReadingMailbox(WithMailbox):
    """The folder into which comes what an account's mails send back. Read once, in the order of its numbers (UID).

    What servers wrote of our mails is moved to `moved_to`, where that is named; nothing else is touched.
    """

    account = models.OneToOneField(MailAccount, on_delete=models.CASCADE, related_name="reading_mailbox")
    folder = models.CharField(_("carpeta"), max_length=200, default="INBOX")
    moved_to = models.CharField(_("mover a"), max_length=200, blank=True)

    uid_validity = models.BigIntegerField(null=True)  # while it is the same, a number is of the same mail (RFC 3501)
    last_uid = models.BigIntegerField(default=0)  # all up to it were dealt with
    to_move = ArrayField(models.BigIntegerField(), default=list)  # dealt with, and still in the folder
    read_at = models.DateTimeField(null=True)
    watched_until = models.DateTimeField(null=True)  # by the worker that reads it and waits for more; dead, it is over
