"""What servers say, and whether anything more can reach the address: words of real ones, with invented names."""

import pytest

from cartero.tracking import weighing

# How much it weighs, why, the status that is stated, and the words.
SAID = r"""
hard no_mailbox 5.1.1 550 5.1.1 The email account that you tried to reach is disabled. Learn more at
soft content_refused 5.7.1 550 5.7.1 The user or domain that you are sending to (or from) has a policy that
soft content_refused 5.7.25 550-5.7.25 [203.0.113.9] The IP address sending this message does not have a PTR record
soft content_refused 5.4.5 550 5.4.5 Daily SMTP relay limit exceeded for user
hard no_mailbox 5.5.0 550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).
soft content_refused 5.1.0 550 5.1.0 sender rejected: domain does not exist
soft never_reached 5.4.14 554 5.4.14 Hop count exceeded - possible mail loop ATTR34
soft never_reached 5.4.316 550 5.4.316 Message expired, connection refused(Socket error code 10061)
soft never_reached 5.4.317 550 5.4.317 Message expired, cannot connect to remote server(451 4.4.397 Error
hard no_mailbox 5.0.350 550 5.0.350 Remote server returned an error -> 550 5.1.1 User unknown
soft content_refused 5.0.350 550 5.0.350 Remote server returned message detected as spam -> 554 5.7.1 blocked
soft returned 5.2.0 554 5.2.0 STOREDRV.Deliver; delivery result banner; MailboxOffline
soft returned 5.2.14 550 5.2.14 RESOLVER.FWD.Forwarder; misconfigured forwarding address
soft too_large 5.2.3 550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient
soft recipient_refused 5.7.134 550 5.7.134 RESOLVER.RST.SenderNotAuthenticatedForMailbox; authentication required
soft never_reached 4.1.1 450 4.1.1 <pagos@cliente.example.co>: Recipient address rejected: unverified address:
hard no_domain 5.1.2 550 5.1.2 Bad destination host 'DNS Hard Error looking up cliente.example.co (MX): NXDOMAIN'
soft never_reached 4.4.3 Host or domain name not found. Name service error for name=cliente.example.co type=MX: Host
soft returned 5.0.0 550 Administrative prohibition
soft content_refused 5.0.0 550 Verification failed for <facturacion@valle.example.co> 550 Sender verify failed
soft content_refused 5.0.0 550 "JunkMail rejected - host (x) [203.0.113.9] is in an RBL"
hard no_domain 5.0.0 all relevant MX records point to non-existent hosts
soft mailbox_full 5.0.0 mailbox is full (MTA-imposed quota exceeded while writing to file /home/x/mail/new)
hard mailbox_off 5.3.2 554 5.3.2 STOREDRV.Deliver; mailbox disabled
hard no_mailbox 5.0.0 554 delivery error: dd This user doesn't have a yahoo.example account (x@yahoo.example) [-9]
soft recipient_refused 5.7.1 554 5.7.1 <pagos@cliente.example.co>: Relay access denied
soft recipient_refused 5.7.1 550 5.7.1 Unable to relay
hard no_mailbox 5.7.1 550 5.7.1 <pagos@cliente.example.co>... User unknown
hard no_mailbox 5.0.0 550 user not local; please try <z@otro.example.co>
soft content_refused 5.0.0 550 Requested action not taken: mailbox unavailable. invalid DNS MX or A/AAAA resource
soft never_reached 5.0.0 450 4.7.1 Greylisted, try again later
hard no_mailbox 5.0.0 550 La dirección de correo no existe
soft mailbox_full 5.0.0 550 Buzón lleno, cuota excedida
hard no_domain 5.0.0 550 Dominio no existe
soft content_refused 5.0.0 550 Mensaje rechazado por política de seguridad
hard no_mailbox 5.0.0 550 Este usuario ya no hace parte de la compañía
hard no_domain 5.0.0 550 Domain cliente.example.co no longer accepts mail
hard no_mailbox 5.1.1 550 5.1.1 Address rejected (domain expired)
hard no_mailbox 5.4.1 550 5.4.1 Recipient address rejected: Access denied. AS(201806281)
soft returned 5.6.7 550 5.6.7 SMTPUTF8 is required, but was not offered by host
hard mailbox_moved 5.1.6 551 5.1.6 Recipient no longer on server
hard no_mailbox 5.7.1 550 5.7.1 Recipient address rejected: el destinatario no existe
soft mailbox_busy 4.2.1 450 4.2.1 The user you are trying to contact is receiving mail too quickly.
soft recipient_refused 5.0.0 553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)
hard no_mailbox 5.0.0 550 #5.1.0 Address rejected.
"""


@pytest.mark.parametrize("row", SAID.strip().splitlines())
def test_how_much_a_failure_weighs(row):
    weight, reason, status, words = row.split(maxsplit=3)
    weighed = weighing.weigh(weighing.sharper(status, words), words)
    assert ("hard" if weighed.is_hard else "soft", weighed.reason) == (weight, reason)
