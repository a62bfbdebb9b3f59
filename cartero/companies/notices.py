"""Mail about who works for a company: one function a kind."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from cartero.accounts.models import User
from cartero.companies.models import Membership
from cartero.platform import mailer


def invite(membership: Membership, by: User, token: str) -> None:
    """The link that sets her first password."""
    body = _(
        "Tiene una invitación de %(by)s para trabajar en %(company)s con Cartero.\n\n"
        "Ponga su contraseña aquí; el enlace sirve una vez y vence en 7 días:\n%(link)s\n\n"
        "Si no esperaba este correo, no haga nada.\n"
    )
    facts = _facts(membership, by) | {"link": link_of(token)}
    mailer.send(membership.user.email, _("Invitación a %(company)s") % facts, body % facts)


def tell_added(membership: Membership, by: User) -> None:
    """To one who has a password already."""
    body = _(
        "%(by)s le dio acceso a %(company)s en Cartero.\n\n"
        "Entre con su contraseña de siempre: %(url)s\n\n"
        "Si no esperaba este correo, no haga nada.\n"
    )
    facts = _facts(membership, by)
    mailer.send(membership.user.email, _("Ya tiene acceso a %(company)s") % facts, body % facts)


def tell_second_factor_reset(membership: Membership, by: User | None) -> None:
    """So that nobody loses it without knowing."""
    body = _(
        "%(by)s quitó el segundo factor de su cuenta de Cartero en %(company)s.\n\n"
        "La próxima vez que entre podrá activar otro. Si no lo pidió usted, avise a su empresa ahora.\n"
    )
    facts = _facts(membership, by)
    mailer.send(membership.user.email, _("Se quitó el segundo factor de su cuenta") % facts, body % facts)


def link_of(token: str) -> str:
    """Where an invitation is accepted."""
    return f"{settings.PUBLIC_URL}{reverse('accept_invitation', args=[token])}"


def _facts(membership: Membership, by: User | None) -> dict[str, str]:
    return {
        "by": str(by or _("Quien administra Cartero")),
        "company": str(membership.company),
        "url": settings.PUBLIC_URL,
    }
