-- What changes after this statement is marked again, so that nothing is missed.
WITH marks AS (DELETE FROM mailings_recount WHERE mailing_id = %(mailing)s)
DELETE FROM mailings_breakdown WHERE mailing_id = %(mailing)s
