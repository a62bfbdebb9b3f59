import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("companies", "0001_initial"),
        ("invoices", "0001_initial"),
        ("parties", "0001_initial"),
        ("transport", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mailing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="número")),
                ("name", models.CharField(max_length=200, verbose_name="nombre")),
                (
                    "kind",
                    models.CharField(
                        choices=[("delivery", "Entrega legal (DIAN)"), ("copy", "Copia o recordatorio")],
                        max_length=10,
                        verbose_name="tipo",
                    ),
                ),
                ("is_grouped", models.BooleanField(default=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("registered", "Registrado"),
                            ("scheduled", "Programado"),
                            ("sending", "Enviando"),
                            ("stopped", "Detenido"),
                            ("finished", "Finalizado"),
                            ("cancelled", "Cancelado"),
                        ],
                        default="registered",
                        max_length=10,
                        verbose_name="estado",
                    ),
                ),
                ("status_reason", models.CharField(blank=True, max_length=60)),
                ("status_reply", models.CharField(blank=True, max_length=500)),
                ("period", models.DateField(null=True)),
                ("selection", models.JSONField(default=dict)),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="asunto")),
                ("business_line", models.CharField(blank=True, max_length=100, verbose_name="línea de negocio")),
                ("message_html", models.TextField(blank=True, verbose_name="mensaje")),
                ("look", models.JSONField(default=dict)),
                ("documents", models.PositiveIntegerField(default=0)),
                ("deliveries_count", models.PositiveIntegerField(default=0)),
                ("parties", models.PositiveIntegerField(default=0)),
                (
                    "rehearsal",
                    models.CharField(
                        choices=[
                            ("due", "Por ensayar"),
                            ("running", "Ensayando"),
                            ("ok", "Listo"),
                            ("problem", "Con problema"),
                        ],
                        default="due",
                        max_length=10,
                    ),
                ),
                ("rehearsed", models.PositiveIntegerField(default=0)),
                ("rehearsal_problems", models.PositiveIntegerField(default=0)),
                ("rehearsed_at", models.DateTimeField(null=True)),
                ("scheduled_for", models.DateTimeField(blank=True, null=True)),
                ("resume_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="transport.mailaccount"
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("status"),
                        condition=models.Q(("status__in", ["scheduled", "sending"])),
                        name="mailing_live",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "number"), name="mailing_numbered_once"),
                    models.UniqueConstraint(fields=("company", "id"), name="mailing_of_company"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(max_length=12)),
                ("shard", models.PositiveSmallIntegerField()),
                ("deliveries", models.IntegerField(default=0)),
                ("documents", models.IntegerField(default=0)),
                (
                    "mailing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tallies", to="mailings.mailing"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("mailing", "state", "shard"), name="tally_once")],
            },
        ),
        migrations.CreateModel(
            name="Origin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("system", models.BigIntegerField()),
                ("database", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Pace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("shard", models.PositiveSmallIntegerField()),
                ("accepted", models.IntegerField(default=0)),
                (
                    "mailing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="paces", to="mailings.mailing"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("mailing", "at", "shard"), name="pace_once")],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Por enviar"),
                            ("claimed", "En camino"),
                            ("transmitting", "En camino"),
                            ("accepted", "Enviado"),
                            ("delivered", "Entregado"),
                            ("bounced", "Rebotado"),
                            ("complained", "Marcado como spam"),
                            ("failed", "Fallido"),
                            ("skipped", "Excluido"),
                            ("in_doubt", "En duda"),
                            ("withdrawn", "Retirado"),
                        ],
                        default="pending",
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=60)),
                ("reason_detail", models.CharField(blank=True, max_length=500)),
                (
                    "to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=254), default=list, size=None
                    ),
                ),
                ("message_id", models.CharField(blank=True, max_length=255)),
                ("part", models.PositiveSmallIntegerField(default=1)),
                ("document_count", models.PositiveIntegerField(default=1)),
                ("token", models.UUIDField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("claims", models.PositiveSmallIntegerField(default=0)),
                ("retry_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("first_refused_at", models.DateTimeField(null=True)),
                ("reply_code", models.PositiveSmallIntegerField(null=True)),
                ("reply", models.CharField(blank=True, max_length=500)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("viewed_at", models.DateTimeField(null=True)),
                ("link_revoked_at", models.DateTimeField(null=True)),
                ("size", models.PositiveIntegerField(null=True)),
                ("attached", models.JSONField(null=True)),
                ("proof", models.JSONField(null=True)),
                (
                    "rehearsal",
                    models.CharField(
                        choices=[
                            ("due", "Por ensayar"),
                            ("running", "Ensayando"),
                            ("ok", "Listo"),
                            ("problem", "Con problema"),
                        ],
                        default="due",
                        max_length=10,
                    ),
                ),
                ("rehearsal_at", models.DateTimeField(null=True)),
                ("rehearsal_reason", models.CharField(blank=True, max_length=60)),
                ("rehearsal_detail", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="companies.company",
                    ),
                ),
                (
                    "mailing",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="mailings.mailing",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="parties.party",
                    ),
                ),
                (
                    "resend_of",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resends",
                        to="mailings.delivery",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("mailing"),
                        models.F("retry_at"),
                        models.F("id"),
                        condition=models.Q(("status", "pending")),
                        name="delivery_due",
                    ),
                    models.Index(
                        models.F("lease_until"),
                        condition=models.Q(("status__in", ["claimed", "transmitting"])),
                        name="delivery_leased",
                    ),
                    models.Index(
                        models.F("mailing"),
                        models.F("id"),
                        condition=models.Q(("rehearsal__in", ["due", "running"])),
                        name="delivery_to_rehearse",
                    ),
                    models.Index(models.F("mailing"), models.F("status"), models.F("id"), name="delivery_by_status"),
                    models.Index(models.F("mailing"), models.F("id"), name="delivery_in_order"),
                    models.Index(
                        models.F("mailing"),
                        models.F("reason"),
                        models.F("id"),
                        condition=models.Q(("reason", ""), _negated=True),
                        name="delivery_by_reason",
                    ),
                    models.Index(models.F("party"), name="delivery_of_party"),
                    models.Index(
                        models.F("company"),
                        models.F("reply"),
                        condition=models.Q(("reply_code__in", (200, 201, 202))),
                        name="delivery_at_provider",
                    ),
                    models.Index(
                        models.F("resend_of"), condition=models.Q(("resend_of__isnull", False)), name="delivery_resends"
                    ),
                    models.Index(
                        models.F("company"),
                        models.F("id"),
                        condition=models.Q(("status", "in_doubt")),
                        name="delivery_in_doubt",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("message_id", ""), _negated=True),
                        fields=("message_id",),
                        name="delivery_message_id",
                    ),
                    models.UniqueConstraint(fields=("company", "id"), name="delivery_of_company"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryInvoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(default=1)),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="companies.company",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="delivery_invoices",
                        to="mailings.delivery",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delivery_invoices",
                        to="invoices.invoice",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["invoice", "-delivery"], name="delivery_of_invoice")],
                "constraints": [models.UniqueConstraint(fields=("delivery", "invoice"), name="delivery_invoice_once")],
            },
        ),
        migrations.CreateModel(
            name="RenderedDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="invoices.invoice"
                    ),
                ),
                (
                    "mailing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rendered", to="mailings.mailing"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("mailing", "invoice"), name="rendered_once")],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("confirmed", "Recibido conforme"),
                            ("remarked", "Tiene una observación"),
                            ("disowned", "Dice que no es suyo"),
                            ("unsubscribed", "Pidió no recibir copias ni recordatorios"),
                            ("complained", "Marcó el correo como spam"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("address", models.CharField(blank=True, max_length=254)),
                ("proposed", models.CharField(blank=True, max_length=254)),
                ("at", models.DateTimeField()),
                ("attended_at", models.DateTimeField(null=True)),
                (
                    "attended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="mailings.delivery"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("attended_at__isnull", True), models.Q(("kind", "confirmed"), _negated=True)
                        ),
                        fields=["company", "-id"],
                        name="answer_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("attended_at__isnull", False)),
                        fields=["company", "-id"],
                        name="answer_attended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attestation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="número")),
                (
                    "kind",
                    models.CharField(
                        choices=[("invoice", "Un documento"), ("party", "Un tercero"), ("mailing", "Un envío")],
                        max_length=10,
                    ),
                ),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("part", models.PositiveIntegerField(default=1)),
                ("parts", models.PositiveIntegerField(default=1)),
                (
                    "deliveries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("documents", models.PositiveIntegerField(default=0)),
                ("code_sha256", models.CharField(max_length=64, unique=True)),
                ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                ("size", models.PositiveIntegerField(default=0)),
                ("issued_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attestations",
                        to="invoices.invoice",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attestations",
                        to="parties.party",
                    ),
                ),
                (
                    "mailing",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attestations",
                        to="mailings.mailing",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("company", "number"), name="attestation_numbered_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Batches",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.PositiveIntegerField()),
                ("wait_minutes", models.PositiveIntegerField()),
                (
                    "then",
                    models.CharField(
                        choices=[("go-on", "Sigue con la siguiente"), ("ask", "Espera su visto bueno")], max_length=10
                    ),
                ),
                ("number", models.PositiveIntegerField(default=0)),
                ("mails", models.PositiveIntegerField(default=0)),
                ("first", models.BigIntegerField(default=0)),
                ("until", models.DateTimeField(null=True)),
                (
                    "mailing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="batches", to="mailings.mailing"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("until"), condition=models.Q(("until__isnull", False)), name="batches_waiting"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Breakdown",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                (
                    "facet",
                    models.CharField(
                        choices=[("reason", "Motivo"), ("domain", "Dominio"), ("seen", "Días hasta verse")],
                        max_length=10,
                    ),
                ),
                ("key", models.CharField(max_length=254)),
                ("mails", models.IntegerField()),
                ("arrived", models.IntegerField()),
                ("confirmed", models.IntegerField()),
                ("seen", models.IntegerField()),
                ("returned", models.IntegerField()),
                ("failed", models.IntegerField()),
                ("in_doubt", models.IntegerField()),
                ("waiting", models.IntegerField()),
                ("left_out", models.IntegerField()),
                ("counted_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="companies.company",
                    ),
                ),
                (
                    "mailing",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="breakdowns",
                        to="mailings.mailing",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(models.F("company"), models.F("facet"), models.F("month"), name="breakdown_of_month")
                ],
                "constraints": [models.UniqueConstraint(fields=("mailing", "facet", "key"), name="breakdown_once")],
            },
        ),
        migrations.CreateModel(
            name="Recount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="companies.company",
                    ),
                ),
                (
                    "mailing",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="mailings.mailing",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(models.F("company"), models.F("at"), name="recount_of_company")],
            },
        ),
        migrations.CreateModel(
            name="Doubt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                ("look_at", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField(null=True)),
                ("absent_from", models.CharField(blank=True, max_length=200)),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "delivery",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="doubt", to="mailings.delivery"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("look_at"), condition=models.Q(("look_at__isnull", False)), name="doubt_to_look"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mailing_id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("registered", "Registrado"),
                            ("transmitting", "Entregando al servidor"),
                            ("accepted", "Aceptado por el servidor"),
                            ("retry", "Se reintenta"),
                            ("failed", "Fallido"),
                            ("in_doubt", "En duda"),
                            ("settled", "Duda resuelta"),
                            ("readdressed", "Correo corregido"),
                            ("excluded", "Excluido"),
                            ("withdrawn", "Retirado"),
                            ("requeued", "Vuelve a la cola"),
                            ("delayed", "Demorado"),
                            ("relayed", "Pasó a otro servidor"),
                            ("delivered", "Entregado en su buzón"),
                            ("bounced", "Rebotado"),
                            ("complained", "Marcado como spam"),
                            ("unsubscribed", "Pidió no recibir más"),
                            ("opened", "Abierto por un programa"),
                            ("viewed", "Visto"),
                            ("replied", "Respondido"),
                            ("auto_reply", "Respuesta automática"),
                            ("confirmed", "Recibido conforme"),
                            ("remarked", "Tiene una observación"),
                            ("disowned", "Dice que no es suyo"),
                            ("link_revoked", "Enlace revocado"),
                            ("link_allowed", "Enlace permitido de nuevo"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=60)),
                ("reply_code", models.PositiveSmallIntegerField(null=True)),
                ("reply", models.CharField(blank=True, max_length=500)),
                ("until", models.DateTimeField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="companies.company",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="mailings.delivery",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(models.F("delivery"), models.F("at"), name="event_of_delivery"),
                    models.Index(
                        condition=models.Q(("kind__in", ("accepted", "retry", "failed", "in_doubt"))),
                        fields=["mailing_id", "-id"],
                        name="event_answered",
                    ),
                    models.Index(
                        models.F("company"),
                        models.F("at"),
                        condition=models.Q(("kind__in", ["bounced", "complained"])),
                        name="event_lost",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="nombre")),
                (
                    "kind",
                    models.CharField(
                        choices=[("delivery", "Entrega legal (DIAN)"), ("copy", "Copia o recordatorio")],
                        default="delivery",
                        max_length=10,
                        verbose_name="tipo",
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="asunto")),
                ("message_html", models.TextField(verbose_name="mensaje")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("company", "name"), name="template_named_once")],
            },
        ),
        migrations.CreateModel(
            name="Recipe",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("facts", models.JSONField()),
                ("since", models.DateTimeField(auto_now_add=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "mailing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recipes", to="mailings.mailing"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("mailing", "digest"), name="recipe_once")],
            },
        ),
        migrations.CreateModel(
            name="SentMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stored_sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("kept_at", models.DateTimeField(auto_now_add=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "delivery",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sent_mail", to="mailings.delivery"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StatementRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateField(verbose_name="fecha de corte")),
                ("since", models.DateField(verbose_name="movimientos desde")),
                (
                    "parties",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=None
                    ),
                ),
                ("pay_to", models.TextField(blank=True, verbose_name="cómo pagar")),
                ("look", models.JSONField(default=dict)),
                ("prefix", models.CharField(max_length=20)),
                ("first", models.BigIntegerField(default=0)),
                ("statements", models.PositiveIntegerField(default=0)),
                ("left_out", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("amounts", models.JSONField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="parties.group"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["company", "-created_at"], name="statement_run_latest"),
                    models.Index(
                        models.F("id"), condition=models.Q(("finished_at", None)), name="statement_run_unfinished"
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("company", "id"), name="statement_run_of_company")],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "Por hacer"),
                            ("made", "Hecho"),
                            ("failed", "No se pudo hacer"),
                            ("left_out", "Por fuera"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("nothing_owed", "No debe nada a esa fecha"),
                            ("in_favour", "Tiene saldo a su favor"),
                            ("same", "Ya tiene un estado de cuenta con ese corte y ese saldo"),
                            ("final_consumer", "Es el consumidor final: muchas personas bajo un mismo número"),
                            ("not_drawn", "No se pudo hacer su PDF"),
                            ("no_logo", "El logo de la empresa no está donde se guardó"),
                            ("taken", "Ya había un documento con su número"),
                        ],
                        max_length=20,
                    ),
                ),
                ("sequence", models.BigIntegerField(null=True)),
                ("amounts", models.JSONField(default=dict)),
                ("lease_until", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "invoice",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="statement",
                        to="invoices.invoice",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="statements", to="parties.party"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="mailings.statementrun"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(models.F("run"), models.F("state"), models.F("id"), name="statement_by_state")
                ],
                "constraints": [models.UniqueConstraint(fields=("run", "party"), name="statement_once")],
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="invoices",
            field=models.ManyToManyField(
                related_name="deliveries", through="mailings.DeliveryInvoice", to="invoices.invoice"
            ),
        ),
    ]
