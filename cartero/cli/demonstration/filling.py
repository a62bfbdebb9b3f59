"""Puts the demonstration into an empty Cartero: company, people, account, and its documents by the real import."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Event, Thread

from django.db import close_old_connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartero.accounts.models import User
from cartero.cli.demonstration import logo, packing, sales, sheets
from cartero.cli.demonstration.sales import SELLER, Plan, Story
from cartero.companies import members
from cartero.companies.models import Company
from cartero.companies.roles import Role
from cartero.importing import intake
from cartero.importing.models import Import
from cartero.invoices import storing
from cartero.invoices.models import Invoice
from cartero.mailings import lifecycle, messages, registering
from cartero.mailings.models import Mailing
from cartero.mailings.registering import Draft
from cartero.mailings.selection import Selection
from cartero.mailings.states import MailingKind
from cartero.platform import datafolder, formats
from cartero.platform.errors import CarteroError
from cartero.transport import accounts
from cartero.transport.presets import Security

Tell = Callable[[str, int, int], None]
"""What is being done, how much of it, out of how much."""

FILLED, SINCE = "demo-filled", "demo-since"
ACCOUNT = "Correo de facturación"
PEOPLE = (
    ("marta.quiroz", "Marta Quiroz", Role.ADMIN),
    ("elena.bustos", "Elena Bustos", Role.SENDER),
    ("pedro.aldana", "Pedro Aldana", Role.PREPARER),
    ("clara.mejia", "Clara Mejía", Role.READER),
)
DOMAIN = "demostracion.example.co"
POLL = 0.3  # seconds between two looks at an import under way


class NotADemonstration(CarteroError):
    """The data folder holds a company that is no demonstration."""

    text = gettext_lazy(
        "La carpeta de datos %(folder)s tiene datos de verdad, y la demostración no se mezcla con ellos. "
        "Nombre otra con CARTERO_HOME."
    )


@dataclass(frozen=True, kw_only=True)
class Person:
    email: str
    role: Role


def people() -> list[Person]:
    """Who may sign in, the one who may do everything first."""
    return [Person(email=f"{name}@{DOMAIN}", role=role) for name, _name, role in PEOPLE]


def refuse_real_data() -> None:
    """Raises NotADemonstration."""
    if Company.objects.filter(is_demo=False).exists():
        raise NotADemonstration(folder=str(datafolder.home()))


def fill(documents: int, port: int, password: str, tell: Tell) -> Company:
    """The demonstration's company, whole. What an earlier start did not finish is finished; done already, it is quick.

    Raises NotADemonstration.
    """
    refuse_real_data()
    company = _company()
    _account(company, port)
    done = datafolder.home() / FILLED
    if not done.exists():
        by = _people(company, password)
        since = date.fromisoformat(datafolder.secret(SINCE, lambda: timezone.localdate().isoformat()))
        _import_all(company, by, sales.write(Plan(today=since, documents=documents)), tell)
        datafolder.write_once(done, f"{documents}\n")
    return company


def send_first_month(company: Company) -> None:
    """The month before is delivered at the first start, so that there is something to look at. Once."""
    if Mailing.objects.of(company).exists():
        return
    by = User.objects.get(email=people()[1].email)
    with transaction.atomic():
        mailing = register(company, months(company)[0], by)
        lifecycle.start(mailing, by)


def register(company: Company, month: date, by: User) -> Mailing:
    """The legal delivery of a month."""
    subject, message = messages.starting_from(company, MailingKind.DELIVERY)
    draft = Draft(
        name=_("Documentos de %(month)s") % {"month": formats.month(month)},
        account=accounts.by_name(company, ACCOUNT),
        subject=subject,
        message_html=message,
    )
    return registering.register(company, Selection(kind=MailingKind.DELIVERY, period=month), draft, by, timezone.now())


def months(company: Company) -> list[date]:
    """The first days of the two months billed, as they are in the data."""
    return sorted(Invoice.objects.of(company).values_list("period", flat=True).distinct())[-2:]


def _company() -> Company:
    company = Company.objects.filter(tax_id=SELLER.tax_id).first()
    if company is None:
        company = members.create_company(SELLER.tax_id, SELLER.name, demo=True)
    shown = {
        "trade_name": SELLER.trade_name,
        "address": SELLER.address.street,
        "city": SELLER.address.city,
        "phone": SELLER.phone,
        "email": SELLER.emails[0],
        "color": logo.COLOR,
        "logo_sha256": storing.keep(company.pk, logo.png()),
    }
    if not company.logo_sha256:
        for name, value in shown.items():
            setattr(company, name, value)
        company.save(update_fields=list(shown))
        messages.first_templates(company)
    return company


def _people(company: Company, password: str) -> User:
    """One of each role, all with the same password; the administrator."""
    users = []
    for login, name, role in PEOPLE:
        user = members.add_member(company, f"{login}@{DOMAIN}", role, None, name=name).user
        if not user.has_usable_password():
            members.set_password(user, password)
        users.append(user)
    return users[0]


def _account(company: Company, port: int) -> None:
    wanted = accounts.AccountSettings(
        from_address=f"facturacion@{DOMAIN}",
        from_name=SELLER.trade_name,
        reply_to=SELLER.emails[0],
        host="127.0.0.1",
        port=port,
        security=Security.NONE.value,
    )
    accounts.set_by_operator(company, ACCOUNT, wanted, "")


def _import_all(company: Company, by: User, story: Story, tell: Tell) -> None:
    """As a clerk would: first her list of terceros, then each month's files, at last what is owed."""
    with tempfile.TemporaryDirectory(dir=datafolder.home(), prefix="demo-") as name:
        folder = Path(name)
        _import(company, by, _written(folder, {"terceros.xlsx": sheets.parties(story.cast)}.items()), tell)
        for month in story.months:
            made = _told(packing.files_of(month), _("Escribiendo documentos"), len(month.sales), tell)
            _import(company, by, _written(folder, made), tell)
        last = {"cuentas-de-cobro.xlsx": sheets.rows(story.sales), "saldos.csv": sheets.balances(story.sales)}
        for each in last.items():
            _import(company, by, _written(folder, [each]), tell)


def _import(company: Company, by: User, files: Mapping[str, Path], tell: Tell) -> None:
    words = _("Importando %(name)s") % {"name": next(iter(files))} if len(files) == 1 else _("Importando documentos")
    with _watched(company, words, len(files), tell):
        intake.import_paths(company, by, files, {})


def _written(folder: Path, files: Iterable[tuple[str, bytes]]) -> dict[str, Path]:
    paths = {}
    for name, content in files:
        paths[name] = folder / name
        paths[name].write_bytes(content)
    return paths


def _told(files: Iterable[tuple[str, bytes]], words: str, total: int, tell: Tell) -> Iterator[tuple[str, bytes]]:
    for count, each in enumerate(files, 1):
        tell(words, min(count, total), total)
        yield each


@contextmanager
def _watched(company: Company, words: str, total: int, tell: Tell) -> Iterator[None]:
    """Tells from the rows how far an import is, while it works in its transaction."""
    is_over = Event()

    def look() -> None:
        while not is_over.wait(POLL):
            latest = Import.objects.of(company).order_by("pk").last()
            tell(words, min(latest.read if latest else 0, total), total)
        close_old_connections()

    watcher = Thread(target=look, name="watch-import", daemon=True)
    tell(words, 0, total)
    watcher.start()
    try:
        yield
    finally:
        is_over.set()
        watcher.join()
    tell(words, total, total)
