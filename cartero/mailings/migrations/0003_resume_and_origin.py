from django.db import migrations, models


class Migration(migrations.Migration):
    """A daily limit ends by itself; a restored backup is known by where its rows were written."""

    dependencies = [("mailings", "0002_selection")]
    operations = [
        migrations.AddField("mailing", "resume_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="Origin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("system", models.BigIntegerField()),
                ("database", models.BigIntegerField()),
            ],
        ),
    ]
