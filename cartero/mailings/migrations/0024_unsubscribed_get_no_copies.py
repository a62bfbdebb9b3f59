from importlib import import_module

from django.db import migrations

# Who asked for no copies and reminders gets none; legal deliveries go to it as before.
WAS = import_module("cartero.mailings.migrations.0007_selection_by_document").IS
USABLE = "a.state IN ('pending', 'validated', 'doubtful')"
BLOCKED = "a.state NOT IN ('pending', 'validated', 'doubtful')"
WHY = """
           (array_agg(a.email || ': ' || a.state_reason) FILTER (
               WHERE a.state NOT IN ('pending', 'validated', 'doubtful', 'replaced')))[1] AS blocked_why
"""
WHY_TOO = """
           (array_agg(a.email || ': ' || CASE WHEN a.state IN ('pending', 'validated', 'doubtful') THEN 'unsubscribed'
                                              ELSE a.state_reason END) FILTER (
               WHERE a.state NOT IN ('pending', 'validated', 'doubtful', 'replaced')
                  OR (p_kind = 'copy' AND a.unsubscribed_at IS NOT NULL AND a.state <> 'replaced')))[1] AS blocked_why
"""
IS = (
    WAS.replace(USABLE, f"({USABLE} AND (p_kind <> 'copy' OR a.unsubscribed_at IS NULL))")
    .replace(BLOCKED, f"({BLOCKED} OR (p_kind = 'copy' AND a.unsubscribed_at IS NOT NULL))")
    .replace(WHY, WHY_TOO)
)


class Migration(migrations.Migration):
    dependencies = [("mailings", "0023_delivery_in_order"), ("parties", "0004_unsubscribed")]
    operations = [migrations.RunSQL(IS, WAS)]
