"""A doubt that a person settles: the mail arrived, or it goes again and its sending with it."""

from django.db import transaction

from cartero.accounts.models import User
from cartero.mailings import lifecycle, outcomes
from cartero.mailings.models import Delivery
from cartero.mailings.states import MailingStatus


@transaction.atomic
def settle(delivery: Delivery, *, arrived: bool, by: User) -> None:
    """Raises TooLate when it is settled already. A stopped sending stays stopped; one that had ended goes on."""
    outcomes.settle(delivery, arrived=arrived, by=by)
    mailing = delivery.mailing
    if not arrived and mailing.status in {MailingStatus.SENDING, MailingStatus.FINISHED}:
        lifecycle.go_on(mailing, by)
