-- Ends every lease: whoever held them is not there any more.
UPDATE mailings_delivery SET lease_until = '-infinity' WHERE status IN ('claimed', 'transmitting')
