from django.db import migrations, models


class Migration(migrations.Migration):
    """Whose turn it is to read a mailbox, and until when."""

    dependencies = [("transport", "0006_reading_mailbox")]
    operations = [migrations.AddField("readingmailbox", "watched_until", models.DateTimeField(null=True))]
