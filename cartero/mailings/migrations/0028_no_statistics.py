from django.db import migrations

COLUMNS = ('"to"', "attached", "proof", "reason_detail", "rehearsal_detail")


def kept(most: int) -> str:
    """Statistics of up to `most` values of each; -1 is what PostgreSQL does by itself."""
    return "ALTER TABLE mailings_delivery " + ", ".join(f"ALTER {column} SET STATISTICS {most}" for column in COLUMNS)


class Migration(migrations.Migration):
    """What nobody looks for by its content: ANALYZE would unpack and compare it again and again while mails go."""

    dependencies = [("mailings", "0027_event_answered")]
    operations = [migrations.RunSQL(kept(0), kept(-1))]
