"""Who may do what: the whole table, and that every view keeps to it."""

import pytest

from cartero.companies.roles import Role, allows
from tests.security.crawling import HTMX, addresses

READER, PREPARER, SENDER, ADMIN = Role
PUBLIC, SIGNED_IN = "everybody", "whoever has signed in"

# The name of a view, whom it takes, and the methods it answers.
TABLE = {
    "home": (READER, "GET"),
    "search": (READER, "GET"),
    "first_run": (PUBLIC, "GET POST"),
    "invoices": (READER, "GET"),
    "invoices_xlsx": (READER, "GET"),
    "invoice": (READER, "GET"),
    "invoice_pdf": (READER, "GET"),
    "invoice_zip": (READER, "GET"),
    "invoice_file": (READER, "GET"),
    "revoke_invoice_link": (PREPARER, "GET POST"),
    "allow_invoice_link": (PREPARER, "POST"),
    "revoke_party_link": (PREPARER, "GET POST"),
    "allow_party_link": (PREPARER, "POST"),
    "revoke_mailing_link": (PREPARER, "GET POST"),
    "allow_mailing_link": (PREPARER, "POST"),
    "statements": (READER, "GET"),
    "make_statements": (PREPARER, "GET POST"),
    "statement_run": (READER, "GET"),
    "parties": (READER, "GET"),
    "new_party": (PREPARER, "GET POST"),
    "groups": (READER, "GET"),
    "new_group": (PREPARER, "POST"),
    "new_zone": (PREPARER, "POST"),
    "rename_group": (PREPARER, "POST"),
    "delete_group": (PREPARER, "GET POST"),
    "change_address": (PREPARER, "POST"),
    "addresses_to_mend": (READER, "GET"),
    "mend_address": (PREPARER, "POST"),
    "undo_mending": (PREPARER, "POST"),
    "paste_corrections": (PREPARER, "GET POST"),
    "accept_proposal": (PREPARER, "POST"),
    "move_address": (PREPARER, "POST"),
    "party": (READER, "GET"),
    "party_mails": (READER, "GET"),
    "edit_party": (PREPARER, "GET POST"),
    "add_address": (PREPARER, "POST"),
    "join_group": (PREPARER, "POST"),
    "rejoin_group": (PREPARER, "POST"),
    "leave_group": (PREPARER, "POST"),
    "mailings": (READER, "GET"),
    "register_mailing": (PREPARER, "GET POST"),
    "left_out": (READER, "GET"),
    "mailing": (READER, "GET"),
    "mailing_documents": (READER, "GET"),
    "mailing_document": (READER, "GET"),
    "mailing_pdf": (READER, "GET"),
    "mailing_mail": (READER, "GET"),
    "sent_mail": (READER, "GET"),
    "trial": (PREPARER, "GET POST"),
    "recipients": (READER, "GET"),
    "recipients_xlsx": (READER, "GET"),
    "correct_address": (PREPARER, "POST"),
    "undo_correction": (PREPARER, "POST"),
    "exclude_delivery": (PREPARER, "POST"),
    "include_delivery": (PREPARER, "POST"),
    "doubts": (READER, "GET"),
    "doubts_arrived": (SENDER, "POST"),
    "doubts_resend": (SENDER, "POST"),
    "mailing_doubts": (READER, "GET"),
    "mailing_doubts_arrived": (SENDER, "POST"),
    "mailing_doubts_resend": (SENDER, "POST"),
    "delivery_arrived": (SENDER, "POST"),
    "resend_delivery": (SENDER, "POST"),
    "resend_mailing": (PREPARER, "GET POST"),
    "start_mailing": (SENDER, "GET POST"),
    "cancel_mailing": (SENDER, "GET POST"),
    "schedule_mailing": (SENDER, "GET POST"),
    "stop_mailing": (SENDER, "POST"),
    "resume_mailing": (SENDER, "POST"),
    "next_batch_mailing": (SENDER, "POST"),
    "retry_mailing": (SENDER, "POST"),
    "unschedule_mailing": (SENDER, "POST"),
    "imports": (READER, "GET"),
    "upload_import": (PREPARER, "GET POST"),
    "import_example": (READER, "GET"),
    "conflicts": (READER, "GET"),
    "conflict": (READER, "GET"),
    "decide_conflict": (PREPARER, "POST"),
    "conflict_file": (READER, "GET"),
    "conflict_file_here": (READER, "GET"),
    "import": (READER, "GET"),
    "import_xlsx": (READER, "GET"),
    "import_columns": (PREPARER, "GET POST"),
    "reports": (READER, "GET"),
    "reports_xlsx": (READER, "GET"),
    "parties_report": (READER, "GET"),
    "parties_report_xlsx": (READER, "GET"),
    "party_report": (READER, "GET"),
    "party_report_xlsx": (READER, "GET"),
    "unarrived_report": (READER, "GET"),
    "unarrived_report_xlsx": (READER, "GET"),
    "reasons_report": (READER, "GET"),
    "reasons_report_xlsx": (READER, "GET"),
    "domains_report": (READER, "GET"),
    "domains_report_xlsx": (READER, "GET"),
    "seen_report": (READER, "GET"),
    "seen_report_xlsx": (READER, "GET"),
    "mailings_report": (READER, "GET"),
    "mailings_report_xlsx": (READER, "GET"),
    "attestations": (READER, "GET"),
    "attestation": (READER, "GET"),
    "attestation_pdf": (READER, "GET"),
    "invoice_attestations": (READER, "GET"),
    "party_attestations": (READER, "GET"),
    "mailing_attestations": (READER, "GET"),
    "attest_invoice": (PREPARER, "POST"),
    "attest_party": (PREPARER, "POST"),
    "attest_mailing": (PREPARER, "POST"),
    "confirm_attestation": (PUBLIC, "GET"),
    "company": (ADMIN, "GET POST"),
    "company_logo": (READER, "GET"),
    "company_mail": (PREPARER, "GET"),
    "company_pdf": (PREPARER, "GET"),
    "mail_accounts": (ADMIN, "GET"),
    "new_mail_account": (ADMIN, "GET POST"),
    "mail_account": (ADMIN, "GET POST"),
    "probe_mail_account": (ADMIN, "GET POST"),
    "move_mail_account": (ADMIN, "POST"),
    "sent_folder": (ADMIN, "GET POST"),
    "remove_sent_folder": (ADMIN, "POST"),
    "reading_mailbox": (ADMIN, "GET POST"),
    "remove_reading_mailbox": (ADMIN, "POST"),
    "strangers": (ADMIN, "GET"),
    "review_strangers": (ADMIN, "POST"),
    "webhook": (ADMIN, "GET POST"),
    "open_webhook": (ADMIN, "POST"),
    "provider_webhook": (PUBLIC, "HEAD POST"),
    "doubt_rule": (ADMIN, "GET POST"),
    "mail_keeping": (ADMIN, "GET POST"),
    "connect_mail_account": (ADMIN, "GET"),
    "mail_account_connected": (ADMIN, "GET"),
    "message_templates": (PREPARER, "GET"),
    "new_message_template": (PREPARER, "GET POST"),
    "message_template": (PREPARER, "GET POST"),
    "message_template_mail": (PREPARER, "GET"),
    "duplicate_message_template": (PREPARER, "POST"),
    "delete_message_template": (PREPARER, "POST"),
    "restore_message_template": (PREPARER, "POST"),
    "users": (ADMIN, "GET"),
    "invite_user": (ADMIN, "POST"),
    "accept_invitation": (PUBLIC, "GET POST"),
    "invite_user_again": (ADMIN, "POST"),
    "change_role": (ADMIN, "POST"),
    "remove_user": (ADMIN, "GET POST"),
    "reset_second_factor": (ADMIN, "GET POST"),
    "user_sessions": (ADMIN, "GET POST"),
    "activity": (ADMIN, "GET"),
    "mailbox": (READER, "GET"),
    "kept_mail": (READER, "GET"),
    "kept_mail_html": (READER, "GET"),
    "kept_mail_source": (READER, "GET"),
    "kept_mail_eml": (READER, "GET"),
    "kept_mail_attachment": (READER, "GET"),
    "kept_mail_entry": (READER, "GET"),
    "recipient_page": (ADMIN, "GET POST"),
    "answers": (READER, "GET"),
    "attend_answer": (PREPARER, "POST"),
    "reopen_answer": (PREPARER, "POST"),
    "recipient": (PUBLIC, "GET HEAD"),
    "recipient_answer": (PUBLIC, "POST"),
    "unsubscribe": (PUBLIC, "GET HEAD POST"),
    "recipient_see": (PUBLIC, "POST"),
    "recipient_pdf": (PUBLIC, "GET HEAD"),
    "recipient_pixel": (PUBLIC, "GET HEAD"),
    "recipient_download": (PUBLIC, "POST"),
    "health": (PUBLIC, "GET"),
    "metrics": (PUBLIC, "GET"),
    "my_notices": (READER, "GET POST"),
    "stop_notices": (PUBLIC, "GET POST"),
    "my_sessions": (SIGNED_IN, "GET"),
    "end_session": (SIGNED_IN, "POST"),
    "end_other_sessions": (SIGNED_IN, "POST"),
    "choose_company": (SIGNED_IN, "GET"),
    "enter_company": (SIGNED_IN, "POST"),
}
OURS = [address for address in addresses() if address.is_ours]
GUARDED = [address for address in OURS if address.required_role]
# allauth's own, of which each asks for the login itself where it needs one; see cartero/pages/urls.py.
FOR_STRANGERS = {
    "account_login", "account_logout", "account_inactive", "account_signup", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
    "mfa_authenticate",
}  # fmt: skip


def test_the_table_is_whole():
    assert {address.name for address in OURS} == TABLE.keys()


@pytest.mark.parametrize("address", OURS, ids=lambda address: address.name)
def test_a_view_asks_for_the_role_of_the_table(address):
    whom, _methods = TABLE[address.name]
    assert address.required_role == (whom if isinstance(whom, Role) else None)


@pytest.mark.parametrize("address", OURS, ids=lambda address: address.name)
def test_a_view_answers_the_methods_of_the_table_alone(address, ours):
    methods = TABLE[address.name][1].split()
    url = address.url(ours)
    for method in ("TRACE", "DELETE", "PUT", "PATCH", *({"GET", "POST"} - set(methods))):
        answer = ours.clients[ADMIN].generic(method, url)
        assert answer.status_code == 405, method
        assert answer.headers["Allow"].replace(",", "").split() == methods


@pytest.mark.parametrize("address", GUARDED, ids=lambda address: address.name)
def test_who_has_not_signed_in_is_led_to_the_login(address, ours):
    url = address.url(ours)
    for method in TABLE[address.name][1].split():
        answer = ours.stranger.generic(method, url)
        assert answer.status_code == 302
        assert answer.url.startswith("/entrar/?next=")
    htmx = ours.stranger.generic(method, url, headers=HTMX | {"HX-Current-URL": "http://testserver/facturas/"})
    assert htmx.headers["HX-Redirect"] == "/entrar/?next=/facturas/"


@pytest.mark.parametrize("address", GUARDED, ids=lambda address: address.name)
def test_a_role_below_is_told_which_it_takes(address, ours):
    below = [role for role in Role if not allows(role, address.required_role)]
    url = address.url(ours)
    for role in below[-1:]:
        for method in TABLE[address.name][1].split():
            answer = ours.clients[role].generic(method, url)
            page = answer.content.decode()
            assert answer.status_code == 403
            assert f"«{address.required_role.label}»" in page
            assert "cite el número" in page


@pytest.mark.parametrize("address", GUARDED, ids=lambda address: address.name)
def test_the_role_it_takes_comes_in(address, ours):
    if "GET" in TABLE[address.name][1]:
        assert ours.clients[address.required_role].get(address.url(ours)).status_code in {200, 302, 404}


def test_who_is_of_no_company_sees_none(ours):
    client = ours.clients[READER]
    urls = {address.url(ours): TABLE[address.name][1].split()[0] for address in GUARDED}
    ours.membership(READER).delete()
    for url, method in urls.items():
        answer = client.generic(method, url)
        assert (answer.status_code, answer.url) == (302, "/empresa/"), url


@pytest.mark.parametrize(
    "address", [a for a in addresses() if not a.is_ours and a.name not in FOR_STRANGERS], ids=lambda a: a.name
)
def test_what_comes_with_the_login_asks_for_it(address, ours):
    answer = ours.stranger.get(address.url(ours))
    assert answer.status_code == 302
    assert answer.url.startswith("/entrar/")


def test_a_role_that_was_taken_away_is_gone_at_once(ours):
    client = ours.clients[ADMIN]
    assert client.get("/terceros/nuevo/").status_code == 200
    membership = ours.membership(ADMIN)
    membership.role = READER
    membership.save(update_fields=["role"])
    assert client.get("/terceros/nuevo/").status_code == 403


def test_who_is_not_active_any_more_is_out_at_once(ours):
    client = ours.clients[ADMIN]
    ours.users[ADMIN].is_active = False
    ours.users[ADMIN].save(update_fields=["is_active"])
    assert client.get("/facturas/").url.startswith("/entrar/")
