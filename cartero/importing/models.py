from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import Company
from cartero.invoices.models import Invoice
from cartero.invoices.states import InvoiceKind


class ImportStatus(models.TextChoices):
    RECEIVED = "received", _("Recibida")  # its files are on disk, nobody has read them
    READING = "reading", _("Leyendo")
    NEEDS_MAPPING = "needs_mapping", _("Falta decir qué es cada columna")
    FINISHED = "finished", _("Terminada")
    FAILED = "failed", _("No se pudo leer")


class Outcome(models.TextChoices):
    """What became of a file or row."""

    IMPORT = "import", _("Importado")
    WARN = "import+warn", _("Importado con avisos")
    UNCHANGED = "unchanged", _("Ya estaba, sin cambios")
    CONFLICT = "conflict", _("Conflicto")
    EVENT = "event", _("Evento del comprador")
    REFUSE = "refuse", _("No se importó")


class ImportQuerySet(models.QuerySet["Import"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)


class Import(models.Model):
    """One import, from its files to what became of each."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=14, choices=ImportStatus, default=ImportStatus.RECEIVED)
    names = models.JSONField(default=list)  # of the files, as they came
    folder = models.CharField(max_length=300, blank=True)  # of the storage, where they lie until they have been read
    options = models.JSONField(default=dict)  # column mapping, decimal separator
    remarks = models.JSONField(default=list)  # about whole files: which sheet was read, which rows were no data
    question = models.JSONField(null=True)  # what the mapping page has to ask: headings, sample rows, proposals
    size = models.BigIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)  # files or rows so far
    total = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(null=True)  # of its lines by outcome; counted once, when it is finished

    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "id"], name="import_of_company")]
        indexes = [models.Index(fields=["company", "-created_at"], name="import_latest")]

    def count_lines(self) -> dict[str, int]:
        return dict(self.lines.values_list("outcome").annotate(n=Count("pk")).order_by())


class ImportLineQuerySet(models.QuerySet["ImportLine"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)


class ImportLine(models.Model):
    """What became of one file or row, with what was read of it (`facts`) and why (`messages`: where, what, mend)."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    file = models.CharField(max_length=500)
    where = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome)
    kind = models.CharField(max_length=12, blank=True)
    number = models.CharField(max_length=60, blank=True)
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.SET_NULL, related_name="+")
    facts = models.JSONField(default=dict)
    messages = models.JSONField(default=list)

    objects = ImportLineQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("source", "position", "id", name="import_line_in_order"),
            models.Index("source", "outcome", "position", "id", name="import_line_by_outcome"),
        ]


class Decision(models.TextChoices):
    OPEN = "open", _("Por decidir")
    KEPT = "kept", _("Se dejó el que estaba")
    REPLACED = "replaced", _("Se tomó el nuevo")


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)

    def open(self) -> Self:
        return self.filter(decision=Decision.OPEN)


class Conflict(models.Model):
    """A document that came with the number of one that is here, but other content. The clerk decides."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="conflicts")
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="conflicts")
    kind = models.CharField(max_length=12, choices=InvoiceKind)
    number = models.CharField(max_length=60)
    data = models.JSONField()  # the InvoiceData that came
    files = models.JSONField(default=list)  # of it: role, name, media type, SHA-256, size
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("company", "decision", name="conflict_open")]
