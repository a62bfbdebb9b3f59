"""The second factor of a member who has lost hers: an administrator takes it off, and she is told."""

import logging

from allauth.mfa.models import Authenticator
from django.db import transaction

from cartero.accounts import sessions
from cartero.accounts.models import User
from cartero.companies import audit, members, notices
from cartero.companies.models import Membership

log = logging.getLogger(__name__)


def reset(membership: Membership, by: User | None) -> None:
    """Takes off every factor of hers, and ends her sessions. Raises NotYoursAlone."""
    members.require_hers_alone(membership, by)
    with transaction.atomic():
        Authenticator.objects.filter(user=membership.user_id).delete()
        sessions.end_all(membership.user)
        audit.record(membership, "reset_second_factor", by, user=membership.user_id)
    try:
        notices.tell_second_factor_reset(membership, by)
    except OSError:  # that of smtplib is one, too
        log.warning("reset of a second factor not mailed, membership=%s", membership.pk, exc_info=True)


def holders(users: list[int]) -> set[int]:
    """Those of `users` who have one."""
    return set(Authenticator.objects.filter(user__in=users).values_list("user_id", flat=True))
