from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="WorkerProof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("worker", models.CharField(max_length=300, unique=True)),
                ("seen_at", models.DateTimeField()),
                ("secret", models.CharField(max_length=16)),
                ("keys", models.JSONField()),
                ("marker", models.CharField(blank=True, max_length=100)),
                ("files", models.CharField(max_length=500)),
                ("behind", models.PositiveIntegerField()),
                ("skew", models.FloatField()),
                ("is_pooled", models.BooleanField()),
            ],
        ),
    ]
