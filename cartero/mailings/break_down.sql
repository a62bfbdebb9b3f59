-- Counts the mails of one started sending by reason, by domain of the first address, and by days until they were seen.
INSERT INTO mailings_breakdown (company_id, mailing_id, month, facet, key, mails, arrived, confirmed, seen, returned, failed, in_doubt,
                                waiting, left_out, counted_at)
WITH mails AS MATERIALIZED (
    SELECT status, reason, lower(split_part("to"[1], '@', 2)) AS domain, viewed_at IS NOT NULL AS is_seen,
           CASE WHEN status NOT IN ('accepted', 'delivered') THEN NULL WHEN viewed_at IS NULL THEN %(unseen)s
                ELSE (SELECT max(first) FROM unnest(%(days)s::int[]) AS first
                       WHERE first <= greatest(0, extract(epoch FROM viewed_at - accepted_at) / 86400))::text END AS days,
           count(*)::int AS n
      FROM mailings_delivery WHERE mailing_id = %(mailing)s GROUP BY 1, 2, 3, 4, 5
), largest AS (
    SELECT domain FROM mails WHERE domain <> '' GROUP BY domain ORDER BY sum(n) DESC, domain LIMIT %(domains)s
), sides AS (
    SELECT 'reason' AS facet, reason AS key, status, is_seen, n FROM mails
     WHERE reason <> '' AND status IN ('bounced', 'complained', 'failed', 'in_doubt', 'skipped', 'withdrawn')
    UNION ALL
    SELECT 'domain', coalesce(l.domain, %(others)s), status, is_seen, n FROM mails m LEFT JOIN largest l USING (domain)
     WHERE m.domain <> '' AND status NOT IN ('skipped', 'withdrawn')
    UNION ALL
    SELECT 'seen', days, status, is_seen, n FROM mails WHERE days IS NOT NULL
)
SELECT m.company_id, m.id, date_trunc('month', m.started_at AT TIME ZONE c.timezone)::date, facet, key, sum(n),
       coalesce(sum(n) FILTER (WHERE s.status IN ('accepted', 'delivered')), 0),
       coalesce(sum(n) FILTER (WHERE s.status = 'delivered'), 0),
       coalesce(sum(n) FILTER (WHERE s.status IN ('accepted', 'delivered') AND is_seen), 0),
       coalesce(sum(n) FILTER (WHERE s.status IN ('bounced', 'complained')), 0),
       coalesce(sum(n) FILTER (WHERE s.status = 'failed'), 0),
       coalesce(sum(n) FILTER (WHERE s.status = 'in_doubt'), 0),
       coalesce(sum(n) FILTER (WHERE s.status IN ('pending', 'claimed', 'transmitting')), 0),
       coalesce(sum(n) FILTER (WHERE s.status IN ('skipped', 'withdrawn')), 0), clock_timestamp()
  FROM sides s, mailings_mailing m JOIN companies_company c ON c.id = m.company_id
 WHERE m.id = %(mailing)s AND m.started_at IS NOT NULL
 GROUP BY m.id, c.timezone, facet, key
