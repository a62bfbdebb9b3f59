from django.db import migrations, models


class Migration(migrations.Migration):
    """Limits hold in any minute, hour and day, so what was used is kept by pieces of them."""

    dependencies = [("transport", "0001_initial")]
    operations = [
        *(
            migrations.RemoveField("mailaccount", f"{span}_{what}")
            for span in ("minute", "hour", "day")
            for what in ("since", "used")
        ),
        migrations.AddField("mailaccount", "used", models.JSONField(default=dict)),
        migrations.AddField("mailaccount", "learned_most_connections", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("mailaccount", "learned_ceiling_at", models.DateTimeField(null=True)),
    ]
