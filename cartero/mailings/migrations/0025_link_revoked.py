from django.db import migrations, models

KINDS = [
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
]


class Migration(migrations.Migration):
    dependencies = [("mailings", "0024_unsubscribed_get_no_copies")]
    operations = [
        migrations.AddField("delivery", "link_revoked_at", models.DateTimeField(null=True)),
        migrations.AlterField("event", "kind", models.CharField(choices=KINDS, max_length=12)),
    ]
