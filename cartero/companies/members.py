"""Companies and who works in them."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from stdnum.co import nit

from cartero.accounts import sessions
from cartero.accounts.models import User
from cartero.companies import audit
from cartero.companies.models import Company, Membership
from cartero.companies.roles import Role
from cartero.platform import fitting
from cartero.platform.errors import CarteroError


class CompanyExists(CarteroError):
    """A company has that NIT already."""

    text = _("Ya hay una empresa con el NIT %(tax_id)s.")


class NotATaxId(CarteroError):
    """What was given as NIT is none."""

    text = _("«%(given)s» no es un NIT: escríbalo con sus dígitos, y si quiere el de verificación después de un guion.")


class OtherCheckDigit(NotATaxId):
    """The check digit that was written is not the one that the NIT has: one of its digits may be wrong."""

    text = _("El dígito de verificación de %(body)s es %(expected)s, y en «%(given)s» es otro. Revise el NIT.")


class NoSuchCompany(CarteroError):
    """No company has that NIT."""

    text = _("No hay una empresa con el NIT %(tax_id)s. Créela primero.")


class NoSuchMember(CarteroError):
    """Nobody of the company has that address."""

    text = _("Nadie de %(company)s entra con %(email)s.")


class WeakPassword(CarteroError):
    """A password that would be guessed."""

    text = _("Esa contraseña no sirve. %(why)s")


class LastAdministrator(CarteroError):
    """Without this member nobody could administer the company."""

    text = _("Es la única persona que administra la empresa. Nombre antes a otra.")


class NotYoursAlone(CarteroError):
    """She works for companies that the administrator does not administer: what protects those is not his to move."""

    text = _(
        "%(person)s también trabaja en una empresa que usted no administra: esto solo lo puede hacer esa persona, o"
        " quien administra Cartero."
    )


def split_tax_id(given: str) -> tuple[str, str]:
    """Digits and check digit of a NIT as typed (`900.123.456-7`); without one, it is computed. Raises NotATaxId."""
    body, _hyphen, check_digit = given.strip().replace(".", "").replace(" ", "").partition("-")
    if not body.isdecimal() or not 6 <= len(body) <= 15:
        raise NotATaxId(given=given)
    expected = nit.calc_check_digit(body)
    if check_digit not in {"", expected}:
        raise OtherCheckDigit(given=given, body=body, expected=expected)
    return body, expected


@transaction.atomic
def create_company(tax_id: str, name: str, by: User | None = None, *, demo: bool = False) -> Company:
    """Raises CompanyExists, NotATaxId, Unfit."""
    digits, check_digit = split_tax_id(tax_id)
    told = {"name": fitting.line(name), "check_digit": check_digit, "is_demo": demo}
    fitting.check(Company(tax_id=digits, **told))
    company, is_new = Company.objects.get_or_create(tax_id=digits, defaults=told)
    if not is_new:
        raise CompanyExists(tax_id=digits)
    audit.record(company, "create", by)
    return company


def company_by_tax_id(tax_id: str) -> Company:
    """Raises NoSuchCompany, NotATaxId."""
    digits, _check_digit = split_tax_id(tax_id)
    company = Company.objects.filter(tax_id=digits).first()
    if company is None:
        raise NoSuchCompany(tax_id=digits)
    return company


def member_by_email(company: Company, email: str) -> Membership:
    """Raises NoSuchMember."""
    hers = Membership.objects.of(company).select_related("user", "company")
    membership = hers.filter(user__email=email.strip().lower()).first()
    if membership is None:
        raise NoSuchMember(company=company.name, email=email)
    return membership


@transaction.atomic
def add_member(company: Company, email: str, role: Role, by: User | None, *, name: str = "") -> Membership:
    """A person who works for the company in `role`; one who is there already gets that role. Raises Unfit."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(email, name=name)
    membership, _is_new = Membership.objects.update_or_create(company=company, user=user, defaults={"role": role})
    audit.record(membership, "add_member", by, user=user.pk, role=role)
    return membership


def set_password(user: User, password: str) -> None:
    """Raises WeakPassword for one that is too short, too common, or like the person's own data."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword(why=" ".join(error.messages)) from error
    user.set_password(password)
    user.save(update_fields=["password"])


@transaction.atomic
def change_role(membership: Membership, role: Role, by: User) -> None:
    """Raises LastAdministrator."""
    if role != Role.ADMIN:
        _keep_one_administrator(membership)
    Membership.objects.filter(pk=membership.pk).update(role=role)
    audit.record(membership, "change_role", by, user=membership.user_id, role=role)


@transaction.atomic
def remove_member(membership: Membership, by: User) -> None:
    """Raises LastAdministrator."""
    _keep_one_administrator(membership)
    audit.record(membership, "remove_member", by, user=membership.user_id)
    membership.delete()


def require_hers_alone(membership: Membership, by: User | None) -> None:
    """Raises NotYoursAlone unless `by` administers every company that the member works for, or Cartero (None)."""
    if by is None:
        return
    hers = set(Membership.objects.filter(user=membership.user_id).values_list("company", flat=True))
    administered = set(Membership.objects.filter(user=by, role=Role.ADMIN).values_list("company", flat=True))
    if not hers <= administered:
        raise NotYoursAlone(person=str(membership.user))


@transaction.atomic
def end_sessions(membership: Membership, by: User | None) -> None:
    """Wherever she is in, she comes in anew. Raises NotYoursAlone."""
    require_hers_alone(membership, by)
    sessions.end_all(membership.user)
    audit.record(membership, "end_sessions", by, user=membership.user_id)


def _keep_one_administrator(membership: Membership) -> None:
    administrators = Membership.objects.of(membership.company).select_for_update(no_key=True).filter(role=Role.ADMIN)
    if list(administrators.values_list("pk", flat=True)) == [membership.pk]:
        raise LastAdministrator()
