from itertools import product

import pytest

from cartero.companies.roles import Role
from cartero.mailings import reports
from cartero.mailings.states import MOVES, MailingStatus
from cartero.pages.mailings import options

SHOWN = sorted(options.WHY_NOT)


@pytest.mark.parametrize(("verb", "status"), list(product(SHOWN, MailingStatus)))
def test_what_does_not_apply_says_why(verb, status):
    applies = status in MOVES[verb].sources
    assert applies or options.WHY_NOT[verb][status]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "on"),
    [
        (MailingStatus.REGISTERED, {"start", "schedule", "cancel"}),
        (MailingStatus.SENDING, {"stop", "cancel"}),
        (MailingStatus.STOPPED, {"resume", "cancel"}),
        (MailingStatus.FINISHED, set()),  # nothing failed
        (MailingStatus.CANCELLED, set()),
    ],
)
def test_each_state_has_its_options(mailing, status, on):
    mailing.status = status
    shown = options.moves(mailing, reports.progress(mailing), Role.SENDER)
    assert {option.key for option in shown if not option.is_off} == on
    assert len(shown) == 5  # what is off stays in its place


@pytest.mark.django_db
def test_who_may_not_send_is_told_the_role(mailing):
    shown = options.moves(mailing, reports.progress(mailing), Role.PREPARER)
    assert all(option.is_off for option in shown)
    assert "Envía" in str(shown[0].note)
