from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mailings", "0013_at_provider"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
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
                ],
                max_length=12,
            ),
        ),
    ]
