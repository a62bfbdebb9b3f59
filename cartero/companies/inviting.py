"""How a person comes into a company: an invitation by mail, whose link sets the password once.

Whoever holds the link becomes that person, in all her companies. So a link that an administrator has seen (no mail
server is configured) works only while she is in no other company; one that went to her own mailbox always does.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import is_password_usable
from django.core import signing
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from cartero.accounts.models import User
from cartero.companies import audit, members, notices
from cartero.companies.models import Company, Membership
from cartero.companies.roles import Role
from cartero.platform import mailer
from cartero.platform.errors import CarteroError

log = logging.getLogger(__name__)
VALID = timedelta(days=7)
_SALT = "cartero.invitation"


class InvitationOver(CarteroError):
    """The link was used, is too old, was withdrawn, or is none of ours."""

    text = _("Este enlace ya se usó o venció. Pida otra invitación a quien administra su empresa.")


class AlreadyMember(CarteroError):
    """The person is in the company already."""

    text = _("%(email)s ya es usuario de la empresa. Cambie su rol en la lista.")


@dataclass(frozen=True, kw_only=True)
class Invited:
    """`token` is for the administrator to pass on; empty where the link went by mail, or none is needed."""

    membership: Membership
    was_mailed: bool
    token: str = ""


def invite(company: Company, email: str, role: Role, by: User, *, name: str = "") -> Invited:
    """Makes her a member and tells her. Raises AlreadyMember."""
    with transaction.atomic():
        if Membership.objects.of(company).filter(user__email=email.strip().lower()).exists():
            raise AlreadyMember(email=email)
        membership = members.add_member(company, email, role, by, name=name)
    return _tell(membership, by)


def invite_again(membership: Membership, by: User) -> Invited:
    """A new link for one who has not come in yet; the old ones go on until one of them is used."""
    audit.record(membership, "invite_again", by, user=membership.user_id)
    return _tell(membership, by)


def accepts(token: str) -> Membership:
    """Whose invitation it is. Changes nothing. Raises InvitationOver."""
    try:
        told = signing.loads(token, salt=_SALT, max_age=VALID)
        membership = Membership.objects.select_related("user", "company").get(pk=told["membership"])
    except (signing.BadSignature, Membership.DoesNotExist, KeyError, TypeError, ValueError) as error:
        raise InvitationOver() from error
    user = membership.user
    if not user.is_active or told.get("state") != _state(user) or (told.get("seen") and _is_elsewhere(membership)):
        raise InvitationOver()
    return membership


@transaction.atomic
def accept(token: str, password: str) -> Membership:
    """Sets the password, which ends all links. Raises InvitationOver, WeakPassword."""
    membership = accepts(token)
    membership.user = User.objects.select_for_update(no_key=True).get(pk=membership.user_id)
    if is_password_usable(membership.user.password):  # twice at once: the other one was first
        raise InvitationOver()
    members.set_password(membership.user, password)
    audit.record(membership, "accept_invitation", membership.user, user=membership.user_id)
    return membership


def is_pending(user: User) -> bool:
    """Whether she has still to set her password."""
    return not user.has_usable_password()


def _tell(membership: Membership, by: User) -> Invited:
    """By mail where there is a server for it; else with a link that the administrator passes on, where that is safe."""
    pending = is_pending(membership.user)
    if mailer.is_configured():
        try:
            if pending:
                notices.invite(membership, by, _token(membership, seen=False))
            else:
                notices.tell_added(membership, by)
        except OSError:  # that of smtplib is one, too
            log.warning("invitation not mailed, membership=%s", membership.pk, exc_info=True)
            return Invited(membership=membership, was_mailed=False)
        return Invited(membership=membership, was_mailed=True)
    token = _token(membership, seen=True) if pending and not _is_elsewhere(membership) else ""
    return Invited(membership=membership, was_mailed=False, token=token)


def _token(membership: Membership, *, seen: bool) -> str:
    told = {"membership": membership.pk, "state": _state(membership.user), "seen": seen}
    return signing.dumps(told, salt=_SALT, compress=True)


def _state(user: User) -> str:
    """Changes with her password, so that a link works once."""
    return salted_hmac(_SALT, user.password, algorithm="sha256").hexdigest()[:32]


def _is_elsewhere(membership: Membership) -> bool:
    return Membership.objects.filter(user=membership.user_id).exclude(pk=membership.pk).exists()
