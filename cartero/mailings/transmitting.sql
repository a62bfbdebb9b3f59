-- Step 5: marks the mails that are about to go. Only what this returns may be sent: a lost lease or a stopped mailing returns nothing.
UPDATE mailings_delivery SET status = 'transmitting', lease_until = now() + make_interval(secs => %(lease)s)
 WHERE id = ANY (%(ids)s) AND status = 'claimed' AND token = %(token)s AND lease_until > now()
   AND EXISTS (SELECT FROM mailings_mailing WHERE id = %(mailing)s AND status = 'sending')
RETURNING id
