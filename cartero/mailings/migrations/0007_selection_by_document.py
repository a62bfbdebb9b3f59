from importlib import import_module

from django.db import migrations

# Fenced, each step from the row before it: on a table that has grown since it was last analyzed the planner went through
# all deliveries of a mailing for each document, which made registering quadratic.
SENT = """
          SELECT d.accepted_at, m.started_by_id
            FROM mailings_deliveryinvoice di
            JOIN mailings_delivery d ON d.id = di.delivery_id
            JOIN mailings_mailing m ON m.id = d.mailing_id
           WHERE di.invoice_id = a.id AND d.accepted_at IS NOT NULL AND m.kind = p_kind
"""
SENT_FENCED = """
          SELECT d.accepted_at, m.started_by_id
            FROM (SELECT delivery_id FROM mailings_deliveryinvoice
                   WHERE invoice_id = a.id AND a.mail_status <> 'unsent' OFFSET 0) di,
                 LATERAL (SELECT accepted_at, mailing_id FROM mailings_delivery WHERE id = di.delivery_id OFFSET 0) d,
                 LATERAL (SELECT started_by_id, kind FROM mailings_mailing WHERE id = d.mailing_id OFFSET 0) m
           WHERE d.accepted_at IS NOT NULL AND m.kind = p_kind
"""
ELSEWHERE = """
            FROM mailings_deliveryinvoice di
            JOIN mailings_delivery d ON d.id = di.delivery_id
            JOIN mailings_mailing m ON m.id = d.mailing_id
           WHERE di.invoice_id = a.id AND d.status IN
"""
ELSEWHERE_FENCED = """
            FROM (SELECT delivery_id FROM mailings_deliveryinvoice
                   WHERE invoice_id = a.id AND p_only_unsent OFFSET 0) di,
                 LATERAL (SELECT status, mailing_id FROM mailings_delivery WHERE id = di.delivery_id OFFSET 0) d,
                 LATERAL (SELECT status, kind FROM mailings_mailing WHERE id = d.mailing_id OFFSET 0) m
           WHERE d.status IN
"""
WAS = import_module("cartero.mailings.migrations.0002_selection").SELECTION.replace("CREATE ", "CREATE OR REPLACE ", 1)
IS = WAS.replace(SENT, SENT_FENCED).replace(ELSEWHERE.rstrip("\n"), ELSEWHERE_FENCED.rstrip("\n"))


class Migration(migrations.Migration):
    dependencies = [("mailings", "0006_delivery_in_doubt")]
    operations = [migrations.RunSQL(IS, WAS)]
