"""Whether what was sent can still be shown: every mail made again or read, every hash compared, and why one differs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartero.companies.models import AuditEntry
from cartero.invoices import storing
from cartero.invoices.models import InvoiceFile
from cartero.mailings import explaining, loading, making, recipes, sent_mails
from cartero.mailings.loading import Order, StoredFile
from cartero.mailings.making import Kit, Made
from cartero.mailings.models import Delivery, Mailing, SentMail
from cartero.platform import formats, ids, processors
from cartero.platform.errors import CarteroError
from cartero.platform.storage import StorageAway

CHUNK = 50
_Changes = dict[int | None, tuple[str, ...]]
LARGEST = 2**31  # bytes: what an account takes today does not matter to what went


class What(TextChoices):
    """What is not as it was."""

    STORED_FILE = "stored_file", gettext_lazy("Un archivo guardado")
    KEPT_MAIL = "kept_mail", gettext_lazy("El correo guardado")
    ATTACHMENT = "attachment", gettext_lazy("Un adjunto")
    MAIL = "mail", gettext_lazy("El correo")
    RECORD = "record", gettext_lazy("El registro de lo que salió")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """`expected` and `found` are SHA-256 in hexadecimal, empty where there is none. `why` is for her."""

    what: What
    name: str = ""
    expected: str = ""
    found: str = ""
    why: str


@dataclass(frozen=True, kw_only=True)
class Verified:
    """One delivery that was sent; without `differences` all is as it was. `hashes` is how many were compared."""

    delivery: int
    to: tuple[str, ...]
    numbers: tuple[str, ...]
    is_kept: bool
    hashes: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, kw_only=True)
class _Case:
    """A delivery with all that it takes to look at it in a thread.

    `why` another mail may come out than the one that went, as far as rows can tell.
    """

    delivery: Delivery
    order: Order
    kit: Kit | CarteroError
    kept: SentMail | None
    why: tuple[str, ...]

    @property
    def files(self) -> list[StoredFile]:
        return [file for document in self.order.documents for file in document.files]


def verify(mailing: Mailing) -> Iterator[Verified]:
    """Every mail of `mailing` that a server took over, in order. Each PDF that Cartero drew is drawn again.

    Raises StorageAway: what cannot be read is not what has changed.
    """
    kits = _kits(mailing)
    now = recipes.made_with()
    then = {recipe.pk: recipe.facts["made_with"] for recipe in mailing.recipes.all()}
    changes: _Changes = {key: tuple(explaining.changes(facts, now)) for key, facts in then.items()}
    last = 0
    sent = Delivery.objects.of(mailing.company).filter(mailing=mailing, accepted_at__isnull=False).order_by("pk")
    with ThreadPoolExecutor(processors.threads(), thread_name_prefix="verify") as threads:
        while chunk := list(sent.filter(pk__gt=last)[:CHUNK]):
            last = chunk[-1].pk
            yield from threads.map(_look_at, _cases(chunk, kits, changes))


def _kits(mailing: Mailing) -> dict[int | None, Kit | CarteroError]:
    """What the mails of a mailing shared, by the recipe by which they were made; None: as it is now."""
    facts = {recipe.pk: recipe.facts for recipe in mailing.recipes.all()}
    return {None: _kit(mailing, None)} | {key: _kit(mailing, then) for key, then in facts.items()}


def _kit(mailing: Mailing, then: Mapping[str, Any] | None) -> Kit | CarteroError:
    try:
        return replace(making.kit_of(mailing, then=then), max_size=LARGEST)
    except StorageAway:
        raise
    except CarteroError as error:  # its logo is lost
        return error


def _cases(chunk: Sequence[Delivery], kits: Mapping[int | None, Kit | CarteroError], changes: _Changes) -> list[_Case]:
    keys = [delivery.pk for delivery in chunk]
    orders = {order.delivery_id: order for order in loading.orders(keys)}
    kept = {mail.delivery_id: mail for mail in SentMail.objects.filter(delivery__in=keys)}
    since = _since({document.invoice_id for order in orders.values() for document in order.documents})
    cases = []
    for delivery in chunk:
        recipe = (delivery.proof or {}).get("recipe")
        cases.append(
            _Case(
                delivery=delivery,
                order=_as_it_was(orders[delivery.pk], delivery, since),
                kit=kits.get(recipe, kits[None]),
                kept=kept.get(delivery.pk),
                why=(*since.replaced(orders[delivery.pk], delivery), *changes.get(recipe, ())),
            )
        )
    return cases


@dataclass(frozen=True, kw_only=True)
class _Since:
    """What happened to documents: when each of their files came, and when each was replaced by another document."""

    came: Mapping[tuple[int, str, str], datetime]
    changed: Mapping[int, Sequence[datetime]]

    def had(self, invoice: int, file: StoredFile, moment: datetime) -> bool:
        return self.came[(invoice, file.role, file.sha256)] <= moment

    def replaced(self, order: Order, delivery: Delivery) -> Iterator[str]:
        tz = timezone.get_current_timezone()
        for document in order.documents:
            for at in self.changed[document.invoice_id]:
                if at > _gone(delivery):
                    day = formats.date_short(at.astimezone(tz).date())
                    yield explaining.replaced(document.head.number, f"{day}, {formats.time_of_day(at, tz)}")


def _since(documents: Iterable[int]) -> _Since:
    changed = defaultdict(list)
    entries = AuditEntry.objects.filter(noun="invoice", noun_id__in=documents, verb="replace").order_by("at")
    for entry in entries:
        changed[entry.noun_id or 0].append(entry.at)
    files = InvoiceFile.objects.filter(invoice__in=documents)
    came = {(row[0], row[1], row[2]): row[3] for row in files.values_list("invoice", "role", "sha256", "created_at")}
    return _Since(came=came, changed=changed)


def _as_it_was(order: Order, delivery: Delivery, since: _Since) -> Order:
    """With the tercero's data and the balances of then, without files that came later, nor PDFs of the Ensayo."""
    then = (delivery.proof or {}).get("as")
    if then:
        order = loading.as_it_was(order, then)
    documents = [
        replace(
            document,
            files=tuple(file for file in document.files if since.had(document.invoice_id, file, _gone(delivery))),
            rendered="",
        )
        for document in order.documents
    ]
    return replace(order, documents=tuple(documents))


def _gone(delivery: Delivery) -> datetime:
    assert delivery.accepted_at is not None  # noqa: S101  only those that were sent are looked at
    return delivery.accepted_at


def _look_at(case: _Case) -> Verified:
    delivery = case.delivery
    return Verified(
        delivery=delivery.pk,
        to=case.order.to,
        numbers=tuple(document.head.number for document in case.order.documents),
        is_kept=case.kept is not None,
        hashes=len(case.files) + len(delivery.attached or ()) + bool(delivery.proof),
        differences=(*_stored(case), *_mail(case)),
    )


def _stored(case: _Case) -> Iterator[Difference]:
    for file in case.files:
        found = storing.hash_now(case.delivery.company_id, file.sha256)
        if found != file.sha256:
            why = explaining.stored(file.name, found)
            yield Difference(what=What.STORED_FILE, name=file.name, expected=file.sha256, found=found, why=why)


def _mail(case: _Case) -> Iterator[Difference]:
    """The kept mail where it is whole, else the mail made again."""
    delivery = case.delivery
    expected = (delivery.proof or {}).get("sha256", "")
    if delivery.attached is None:
        yield Difference(what=What.RECORD, why=_("De este correo no quedó registro: un corte lo dejó en duda."))
        return
    if case.kept is not None:
        found = _kept_hash(case.kept)
        if found == expected:
            return
        yield Difference(what=What.KEPT_MAIL, expected=expected, found=found, why=explaining.kept(found))
    yield from _made_again(case, expected)


def _kept_hash(kept: SentMail) -> str:
    try:
        return ids.sha256(sent_mails.read(kept))
    except storing.FileLost:
        return ""


def _made_again(case: _Case, expected: str) -> Iterator[Difference]:
    made = making.make(case.order, case.kit) if isinstance(case.kit, Kit) else case.kit
    if not isinstance(made, Made):
        why = made.user_text if isinstance(made, CarteroError) else made.detail
        yield Difference(what=What.MAIL, expected=expected, why=why)
        return
    why = " ".join(case.why) or explaining.unknown()
    now = {each["name"]: each["sha256"] for each in made.attached}
    then = {each["name"]: each["sha256"] for each in case.delivery.attached or ()}
    for name in sorted(then.keys() | now.keys()):
        if then.get(name) != now.get(name):
            facts = {"expected": then.get(name, ""), "found": now.get(name, "")}
            yield Difference(what=What.ATTACHMENT, name=name, why=why, **facts)
    if expected and made.proof["sha256"] != expected:
        yield Difference(what=What.MAIL, expected=expected, found=made.proof["sha256"], why=why)
