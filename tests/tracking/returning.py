"""Mails that come back, as the programs of the world write them: made again from their formats, with invented people.

They lie in `samples/`, a file each; this says what is to be read in them. The functions make more of the same kind.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("samples")
OURS = "<5b1c6f9e-3b0a-4a6e-9a55-0c6a3f5f0a11@valle.example.co>"
WE = "facturacion@valle.example.co"
TO = "pagos@cliente.example.co"
DATE = "Tue, 21 Jul 2026 09:15:30 -0500"
HEAD = f"""From: Valle Verde <{WE}>
To: {TO}
Subject: 900377216;VALLE VERDE SAS;FE101;01;VALLE VERDE SAS
Date: Tue, 21 Jul 2026 09:15:02 -0500
Message-ID: {OURS}
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="nuestra"
"""


POSTFIX = "Mail Delivery System <MAILER-DAEMON@mx.valle.example.co>"


@dataclass(frozen=True)
class Sample:
    """`kind`, `address`, `status`, `is_hard`, `reason`: what is to be read in it. `names_ours`: by our Message-ID."""

    name: str
    kind: str = "bounced"
    address: str = TO
    status: str = ""
    is_hard: bool = False
    reason: str = ""
    names_ours: bool = True

    @property
    def mail(self) -> bytes:
        """As it comes over the wire."""
        return (FOLDER / f"{self.name}.eml").read_bytes().replace(b"\n", b"\r\n")


def wire(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("utf-8", "surrogateescape")


def mail(sender: str, subject: str, body: str, extra: str = "") -> bytes:
    """A mail in words alone."""
    kind = "" if "content-type" in extra.lower() else "Content-Type: text/plain; charset=utf-8\n"
    return wire(f"From: {sender}\nTo: {WE}\nSubject: {subject}\nDate: {DATE}\nMIME-Version: 1.0\n{kind}{extra}\n{body}")


def report(
    sender: str,
    fields: str,
    *,
    words: str = "This is the mail system.",
    original: str = HEAD,
    holds: str = "text/rfc822-headers",
    subject: str = "Undelivered Mail Returned to Sender",
    extra: str = "",
    mta: str = "Reporting-MTA: dns; mx.valle.example.co\n\n",
    sort: str = "delivery-status",
) -> bytes:
    """A multipart/report of the three parts that RFC 3462 asks for; without `original`, of two."""
    third = f"--limite\nContent-Type: {holds}\n\n{original}\n" if original else ""
    body = (
        f"--limite\nContent-Type: text/plain; charset=utf-8\n\n{words}\n\n"
        f"--limite\nContent-Type: message/{sort}\n\n{mta}{fields}\n{third}--limite--\n"
    )
    kind = f'Content-Type: multipart/report; report-type={sort}; boundary="limite"\n'
    return mail(sender, subject, body, extra + kind)


def failed(status: str, diagnostic: str, address: str = TO) -> str:
    said = f"Diagnostic-Code: {diagnostic}\n" if diagnostic else ""
    return f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: {status}\n{said}"


def complaint(fields: str, original: str = HEAD, sender: str = "staff@hotmail.example") -> bytes:
    return report(
        sender,
        fields,
        words="This is an email abuse report.",
        original=original,
        holds="message/rfc822",
        mta="",
        sort="feedback-report",
    )


REPORTS = [
    Sample("postfix_no_such_user", status="5.1.1", is_hard=True, reason="no_mailbox"),
    Sample("postfix_domain_not_found", status="5.4.4", is_hard=True, reason="no_domain"),
    Sample("postfix_gave_up_after_days", status="4.4.1", reason="never_reached"),
    Sample("postfix_mailbox_full_as_a_lasting_failure", status="5.2.2", reason="mailbox_full"),
    Sample("postfix_still_tries", kind="delayed", status="4.4.1"),
    Sample("postfix_delivered_as_asked_for", kind="delivered", status="2.0.0"),
    Sample("postfix_relayed", kind="relayed", status="2.0.0"),
    Sample("sendmail_to_a_list", kind="relayed", status="2.0.0"),
    Sample("postfix_blocked_by_a_list_of_bad_senders", status="5.7.1", reason="content_refused"),
    Sample("postfix_too_large", status="5.3.4", reason="too_large"),
    Sample("postfix_the_server_s_domain_is_not_its_own", status="5.7.1", reason="recipient_refused"),
    Sample(
        "postfix_rfc_6533_in_utf_8",
        address="señor@cliente.example.co",
        status="5.1.1",
        is_hard=True,
        reason="no_mailbox",
    ),
    Sample("gmail_no_such_account", status="5.1.1", is_hard=True, reason="no_mailbox"),
    Sample("gmail_account_that_is_off", status="5.2.1", is_hard=True, reason="mailbox_off"),
    Sample("gmail_over_quota", status="4.2.2", reason="mailbox_full"),
    Sample("gmail_domain_without_server_in_spanish", status="4.0.0", is_hard=True, reason="no_domain"),
    Sample("gmail_not_signed", status="5.7.26", reason="content_refused"),
    Sample("gmail_will_try_for_45_hours_more", kind="delayed", status="4.4.1"),
    Sample("gmail_html_alone_within_a_related_part", status="5.1.1", is_hard=True, reason="no_mailbox"),
    Sample("microsoft_365_recipient_not_found", status="5.1.10", is_hard=True, reason="no_mailbox"),
    Sample("microsoft_365_the_edge_knows_no_such_recipient", status="5.4.1", is_hard=True, reason="no_mailbox"),
    Sample("microsoft_365_only_members_may_write_to_the_group", status="5.7.133", reason="recipient_refused"),
    Sample("microsoft_365_expired", status="4.4.7", reason="never_reached"),
    Sample("microsoft_365_loop", status="5.4.14", reason="never_reached"),
    Sample("exchange_on_the_premises_full", status="5.2.2", reason="mailbox_full"),
    Sample("exchange_on_the_premises_too_large_in_spanish", status="5.2.3", reason="too_large"),
    Sample("exchange_the_old_kind_the_first_block_holds_all", status="5.1.1", is_hard=True, reason="no_mailbox"),
    Sample("hotmail_mailbox_unavailable", status="5.5.0", is_hard=True, reason="no_mailbox"),
    Sample("hotmail_part_of_their_network_is_blocked", status="5.7.1", reason="content_refused"),
    Sample("exim_with_a_report", status="5.0.0", is_hard=True, reason="no_mailbox"),
    Sample("zoho_with_a_report", status="5.1.1", is_hard=True, reason="no_mailbox"),
    Sample("amazon_ses_as_a_mail", status="5.1.1", is_hard=True, reason="no_mailbox"),
    Sample("domino_names_of_its_own_the_original_tells", status="5.1.1", is_hard=True, reason="no_mailbox"),
    Sample("yahoo_account_is_off", status="5.0.0", is_hard=True, reason="mailbox_off"),
    Sample("sendmail_with_a_report", status="5.1.1", is_hard=True, reason="no_mailbox"),
    Sample("a_disclaimer_put_around_the_report", status="5.1.1", is_hard=True, reason="no_mailbox"),
    Sample(
        "no_original_at_all_and_nothing_refers_to_it",
        status="5.1.1",
        is_hard=True,
        reason="no_mailbox",
        names_ours=False,
    ),
    Sample("status_part_in_base64", status="5.1.1", is_hard=True, reason="no_mailbox"),
]
PLAIN = [
    Sample("exim_in_words", status="5.1.1", is_hard=True, reason="no_mailbox"),
    Sample("exim_retry_time_is_over", reason="never_reached"),
    Sample("exim_a_warning", kind="delayed"),
    Sample("qmail", status="5.1.1", is_hard=True, reason="no_mailbox"),
    Sample("qmail_the_other_server_spoke", status="5.7.1", reason="content_refused"),
    Sample("qmail_too_long_in_the_queue", status="4.4.1", reason="never_reached"),
    Sample("sendmail_before_there_were_reports", status="5.1.1", is_hard=True, reason="no_mailbox"),
    Sample("exchange_5_5", status="5.1.1", is_hard=True, reason="no_mailbox"),
    Sample("gmail_of_old", status="5.1.1", is_hard=True, reason="no_mailbox"),
    Sample("yahoo_of_old", is_hard=True, reason="no_mailbox"),
    Sample("zoho_in_words", status="5.1.1", is_hard=True, reason="no_mailbox"),
    Sample("mdaemon", is_hard=True, reason="no_mailbox"),
    Sample("groupwise", reason="mailbox_full"),
    Sample("cpanel_in_spanish", is_hard=True, reason="no_mailbox"),
    Sample("hotmail_in_spanish_its_text_in_latin_1", reason="mailbox_full"),
    Sample("a_provider_in_portuguese", is_hard=True, reason="no_mailbox"),
    Sample("courier", is_hard=True, reason="no_mailbox"),
    Sample("sendmail_a_warning", kind="delayed"),
    Sample("in_html_alone", status="5.1.10", is_hard=True, reason="no_mailbox"),
    Sample("it_says_nothing_but_that_it_came_back", reason="returned"),
]
COMPLAINTS = [
    Sample("rfc_5965", kind="complained", reason="complained"),
    Sample("yahoo_the_recipient_is_hidden_but_in_the_head", kind="complained", reason="complained"),
    Sample("a_wish_to_be_left_alone", kind="complained", reason="complained"),
    Sample("hotmail_without_a_report", kind="complained", reason="complained"),
]
ANSWERS = [
    Sample("rfc_3834", kind="auto_reply"),
    Sample("exchange_out_of_office_in_spanish", kind="auto_reply"),
    Sample("exchange_out_of_office_its_subject_encoded", kind="auto_reply"),
    Sample("gmail_vacation", kind="auto_reply"),
    Sample("cpanel_autoresponder", kind="auto_reply"),
    Sample("a_program_of_tickets", kind="auto_reply", address="no-reply@cliente.example.co"),
    Sample("vacation_with_an_empty_sender", kind="auto_reply"),
    Sample("out_of_office_that_says_undeliverable_things", kind="auto_reply"),
    Sample("a_receipt_that_it_was_shown", kind="auto_reply"),
    Sample("a_person", kind="replied"),
    Sample("a_person_who_says_that_something_did_not_arrive", kind="replied"),
    Sample("a_person_who_passes_a_bounce_on", kind="replied"),
]
ALL = [*REPORTS, *PLAIN, *COMPLAINTS, *ANSWERS]
