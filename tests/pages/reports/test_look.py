from datetime import date

from cartero.invoices.states import MailStatus
from tests.factories import make_invoice, make_party
from tests.pages.looking import look_at
from tests.pages.people import make_people


def test_the_reports_are_whole(server, chromium, signed_in):
    people = make_people()
    party = make_party(people.company)
    for month in range(1, 8):
        for status, many in zip(MailStatus.values, (4, 1, 3, 9, 2, 1, 1), strict=True):
            for _n in range(many):
                make_invoice(party, period=date(2026, month, 1), mail_status=status)
    pages = {"reports": "/informes/", "reports-mailings": "/informes/envios/"}
    look_at(chromium, server, signed_in(people.ana, server), pages)
