-- Addresses that took their first mail.
UPDATE parties_address a SET state = 'validated', state_reason = '', state_at = now()
  FROM unnest(%(parties)s::bigint[], %(emails)s::text[]) AS t (party, email)
 WHERE a.party_id = t.party AND a.email = t.email AND a.state = 'pending'
