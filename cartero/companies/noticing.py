"""Which mail of Cartero's own each person of a company gets, and that none of it comes twice."""

import smtplib
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.companies.models import Company, Membership, MutedNotice, NoticeKind, NoticeSent
from cartero.companies.roles import Role, allows
from cartero.platform import mailer

_SALT = "cartero.notices"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Mail to one person; `key` names the occasion, of which she is told once."""

    company: Company
    user: User
    kind: NoticeKind
    key: str
    subject: str
    body: str
    until: int | None = None  # the last event that it tells of


def readers(company: Company, kind: NoticeKind, least: Role) -> list[User]:
    """Those of the company who may do what `least` may, and have not put the kind aside."""
    muted = MutedNotice.objects.of(company).filter(kind=kind).values("user")
    members = Membership.objects.of(company).select_related("user").filter(user__is_active=True)
    return [each.user for each in members.exclude(user__in=muted).order_by("pk") if allows(each.role, least)]


def wants(company: Company, user: User, kind: NoticeKind) -> bool:
    """Also: whether she still is of the company."""
    is_member = Membership.objects.of(company).filter(user=user, user__is_active=True).exists()
    return is_member and not MutedNotice.objects.of(company).filter(user=user, kind=kind).exists()


def was_told(company: Company, user: User, kind: NoticeKind, key: str) -> bool:
    return NoticeSent.objects.of(company).filter(user=user, kind=kind, key=key).exists()


def tell(notice: Notice) -> bool:
    """Mails it, unless she has it or does not want it; whether it went. Raises SMTPException, OSError.

    It is written down before it goes: a worker that dies meanwhile leaves her without it, never with two. Where the
    server plainly said no, it may be tried again.
    """
    if not mailer.is_configured() or not wants(notice.company, notice.user, notice.kind):
        return False
    about = {"company": notice.company, "user": notice.user, "kind": notice.kind, "key": notice.key}
    sent, is_new = NoticeSent.objects.get_or_create(**about, defaults={"until": notice.until})
    if not is_new:
        return False
    link = link_to_stop(notice.company, notice.user, notice.kind)
    try:
        mailer.send(notice.user.email, notice.subject, notice.body + _foot(notice, link), stop=link)
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, ConnectionRefusedError):
        sent.delete()
        raise
    return True


@transaction.atomic
def choose(company: Company, user: User, wanted: Collection[NoticeKind]) -> None:
    """Those she gets from now on; the others not. In the trail, where it changes something."""
    mine = MutedNotice.objects.of(company).filter(user=user)
    was = set(mine.values_list("kind", flat=True))
    now = {kind.value for kind in NoticeKind} - {kind.value for kind in wanted}
    if was == now:
        return
    mine.exclude(kind__in=now).delete()
    for kind in now - was:
        MutedNotice.objects.get_or_create(company=company, user=user, kind=kind)
    audit.record(company, "choose_notices", user, without=[str(NoticeKind(kind).label) for kind in sorted(now)])


def wanted(company: Company, user: User) -> list[NoticeKind]:
    muted = set(MutedNotice.objects.of(company).filter(user=user).values_list("kind", flat=True))
    return [kind for kind in NoticeKind if kind.value not in muted]


def link_to_stop(company: Company, user: User, kind: NoticeKind) -> str:
    """Works without login, for as long as she is of the company: it can do nothing else."""
    token = signing.Signer(salt=_SALT).sign_object([company.pk, user.pk, kind.value])
    return f"{settings.PUBLIC_URL}{reverse('stop_notices', args=[token])}"


def named(token: str) -> tuple[Membership, NoticeKind] | None:
    """Whose notices, and which, a link stops; None where it is none of ours, or she is gone."""
    try:
        company_id, user_id, kind = signing.Signer(salt=_SALT).unsign_object(token)
    except signing.BadSignature:
        return None
    found = Membership.objects.select_related("company", "user").filter(company=company_id, user=user_id).first()
    return (found, NoticeKind(kind)) if found else None


def stop(membership: Membership, kind: NoticeKind) -> None:
    company, user = membership.company, membership.user
    choose(company, user, [each for each in wanted(company, user) if each != kind])


def _foot(notice: Notice, link: str) -> str:
    words = _(
        "\n-- \nRecibe este aviso («%(kind)s») porque trabaja en %(company)s con Cartero.\n"
        "Para no recibir más de esta clase: %(link)s\n"
    )
    return words % {"kind": notice.kind.label, "company": notice.company, "link": link}
