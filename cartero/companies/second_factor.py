"""The second factor of a member who has lost hers: an administrator takes it off, and she is told."""

import logging

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cartero.accounts.models import User
from cartero.companies import audit, notices
from cartero.companies.models import Membership
from cartero.companies.roles import Role
from cartero.platform.errors import CarteroError

log = logging.getLogger(__name__)


class NotYoursAlone(CarteroError):
    """She works for companies that the administrator does not administer: it protects those too."""

    text = _("%(person)s también trabaja en otra empresa. Quien administra Cartero puede quitarle el segundo factor.")


def reset(membership: Membership, by: User) -> None:
    """Takes off every factor of hers. Raises NotYoursAlone."""
    hers = set(Membership.objects.filter(user=membership.user_id).values_list("company", flat=True))
    administered = set(Membership.objects.filter(user=by, role=Role.ADMIN).values_list("company", flat=True))
    if not hers <= administered:
        raise NotYoursAlone(person=str(membership.user))
    with transaction.atomic():
        Authenticator.objects.filter(user=membership.user_id).delete()
        audit.record(membership, "reset_second_factor", by, user=membership.user_id)
    try:
        notices.tell_second_factor_reset(membership, by)
    except OSError:  # that of smtplib is one, too
        log.warning("reset of a second factor not mailed, membership=%s", membership.pk, exc_info=True)


def holders(users: list[int]) -> set[int]:
    """Those of `users` who have one."""
    return set(Authenticator.objects.filter(user__in=users).values_list("user_id", flat=True))
