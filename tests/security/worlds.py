"""A company with everything in it, told from another by one word that stands in each of its texts."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
from django.db.models import Model
from django.test import Client, override_settings
from django.utils import timezone

from cartero.accounts.models import User
from cartero.companies.models import Company, Membership
from cartero.companies.roles import Role
from cartero.importing.models import Conflict, Import, ImportLine, ImportStatus, Outcome
from cartero.invoices import serial, storing
from cartero.invoices.models import Invoice, InvoiceEvent, InvoiceFile
from cartero.invoices.states import FileRole, InvoiceKind
from cartero.mailings import lifecycle, registering, sent_mails
from cartero.mailings.models import (
    Answer,
    AnswerKind,
    Attestation,
    AttestationKind,
    Breakdown,
    Delivery,
    Doubt,
    Facet,
    Mailing,
    MessageTemplate,
    Recipe,
    RenderedDocument,
    Statement,
    StatementRun,
    StatementState,
)
from cartero.mailings.registering import Draft
from cartero.mailings.selection import Selection
from cartero.mailings.states import DeliveryStatus, MailingKind, MailingStatus
from cartero.parties.models import Address, AddressState, Group, GroupKind, Party
from cartero.platform import ids
from cartero.tracking.models import Receipt
from cartero.transport.models import MailAccount
from tests.factories import (
    make_account,
    make_address,
    make_company,
    make_data,
    make_group,
    make_invoice,
    make_party,
    make_user,
)

SECRET = "clave-smtp-que-nadie-ve"
XML = b'<?xml version="1.0"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
_MOVES = {
    MailingStatus.REGISTERED: (),
    MailingStatus.SCHEDULED: ("schedule",),
    MailingStatus.SENDING: ("start",),
    MailingStatus.STOPPED: ("start", "stop"),
    MailingStatus.FINISHED: ("start", "finish"),
    MailingStatus.CANCELLED: ("cancel",),
}


@dataclass(frozen=True)
class World:
    """`mailing` is registered, `mailings` has one in each status; a client for each user, who has signed in.

    `stranger` has not; `careful` is the administrator, and asks for tokens as the product does.
    """

    word: str
    files: Path
    company: Company
    users: dict[Role, User]
    clients: dict[Role, Client]
    stranger: Client
    careful: Client
    party: Party
    address: Address
    group: Group
    zone: Group
    invoice: Invoice
    file: InvoiceFile
    account: MailAccount
    template: MessageTemplate
    mailings: dict[str, Mailing]
    delivery: Delivery
    attestation: Attestation
    run: StatementRun
    doubtful: Delivery
    answer: Answer
    source: Import
    asking: Import
    conflict: Conflict

    @property
    def mailing(self) -> Mailing:
        return self.mailings[MailingStatus.REGISTERED]

    def membership(self, role: Role) -> Membership:
        return Membership.objects.get(company=self.company, user=self.users[role])


def make_world(word: str, files: Path) -> World:
    with override_settings(FILES=str(files)):
        return _Maker(word, files).make()


def _signed_in(user: User, **options: bool) -> Client:
    client = Client(raise_request_exception=False, **options)
    client.force_login(user)
    return client


class _Maker:
    def __init__(self, word: str, files: Path) -> None:
        self.word, self.files = word, files
        self.company = make_company(
            name=f"{word} S.A.S.", trade_name=word, address=f"Calle {word}", phone=f"604 {word}"
        )
        self.users = {role: make_user(self.company, role, name=f"{role.label} {word}") for role in Role}
        self.admin = self.users[Role.ADMIN]

    def make(self) -> World:
        party = make_party(
            self.company, f"uno@{self.word.lower()}.example.com", name=f"Tercero {self.word}", search_key="tercero"
        )
        address = make_address(
            party, f"dos@{self.word.lower()}.example.com", state=AddressState.BOUNCED, state_reason=f"550 {self.word}",
            proposal=f"tres@{self.word.lower()}.example.com",
        )  # fmt: skip
        self.account = make_account(self.company, name=f"Cuenta {self.word}", from_name=self.word, username=self.word)
        self.account.password = SECRET
        self.account.port = 1  # nobody listens there
        self.account.save(update_fields=["password_sealed", "port"])
        template = MessageTemplate.objects.create(
            company=self.company, name=f"Plantilla {self.word}", subject=self.word, message_html=f"<p>{self.word}</p>"
        )
        mailings = {status: self._mailing(party, status, at) for at, status in enumerate(MailingStatus, 100)}
        first = mailings[MailingStatus.REGISTERED]
        self._counted(first)
        invoice = Invoice.objects.get(deliveries__mailing=first)
        file = self._received(invoice)
        mailings[MailingStatus.FINISHED].deliveries.update(resend_of=first.deliveries.get())
        self._attested(AttestationKind.INVOICE, invoice=invoice)
        self._attested(AttestationKind.PARTY, party=party)
        source, asking, conflict = self._imports(invoice, party)
        group = make_group(self.company, party, name=f"Grupo {self.word}")
        return World(
            word=self.word,
            files=self.files,
            company=self.company,
            users=self.users,
            clients={role: _signed_in(user) for role, user in self.users.items()},
            stranger=Client(raise_request_exception=False),
            careful=_signed_in(self.admin, enforce_csrf_checks=True),
            party=party,
            address=address,
            group=group,
            zone=make_group(self.company, party, name=f"Zona {self.word}", kind=GroupKind.ZONE),
            invoice=invoice,
            file=file,
            account=self.account,
            template=template,
            mailings=mailings,
            delivery=first.deliveries.get(),
            attestation=self._attested(AttestationKind.MAILING, mailing=first),
            run=self._statements(party, group),
            doubtful=self._doubt(mailings[MailingStatus.STOPPED]),
            answer=Answer.objects.create(
                company=self.company,
                delivery=first.deliveries.get(),
                kind=AnswerKind.REMARKED,
                text=self.word,
                at=timezone.now(),
            ),
            source=source,
            asking=asking,
            conflict=conflict,
        )

    def _mailing(self, party: Party, status: MailingStatus, at: int) -> Mailing:
        invoice = make_invoice(party, f"{self.word}{at}")
        draft = Draft(
            name=f"Envío {self.word} {at}", account=self.account, subject=f"{self.word} {{{{ factura.numero }}}}",
            message_html=f"<p>{self.word}</p>",
        )  # fmt: skip
        chosen = Selection(kind=MailingKind.COPY, invoices=(invoice.pk,))
        now = timezone.now()
        mailing = registering.register(self.company, chosen, draft, by=self.admin, now=now)
        for verb in _MOVES[status]:
            if verb == "schedule":
                lifecycle.schedule(mailing, self.admin, now + timedelta(days=1), now)
            elif verb == "finish":
                mailing.deliveries.update(status=DeliveryStatus.FAILED, reason_detail=self.word, reply=self.word)
                lifecycle.finish_if_done(mailing)
            else:
                lifecycle.VERBS[verb](mailing, self.admin)
            mailing.refresh_from_db()
        assert mailing.status == status
        return mailing

    def _counted(self, mailing: Mailing) -> None:
        counts = dict.fromkeys(
            ("mails", "arrived", "confirmed", "seen", "returned", "failed", "in_doubt", "waiting", "left_out"), 1
        )
        now = timezone.now()
        Breakdown.objects.create(
            company=self.company, mailing=mailing, month=now.date().replace(day=1), facet=Facet.DOMAIN,
            key=f"{self.word}.example.com", counted_at=now, **counts,
        )  # fmt: skip

    def _doubt(self, mailing: Mailing) -> Delivery:
        mailing.deliveries.update(status=DeliveryStatus.IN_DOUBT, reply=self.word)
        delivery = mailing.deliveries.get()
        sent_mails.keep(self.company.pk, delivery.pk, f"Subject: {self.word}\r\n".encode())
        Doubt.objects.create(company=self.company, delivery=delivery, since=timezone.now(), absent_from=self.word)
        mine = {"company": self.company, "account": mailing.account, "delivery": delivery}
        Receipt.objects.create(**mine, key=self.word, kind="delayed", words=self.word, at=timezone.now())
        return delivery

    def _attested(self, kind: AttestationKind, **about: Model) -> Attestation:
        mine = Attestation.objects.of(self.company)
        pdf = storing.keep(self.company.pk, b"%PDF " + self.word.encode())
        sent = list(Delivery.objects.of(self.company).values_list("pk", flat=True))
        return Attestation.objects.create(
            company=self.company, kind=kind, number=mine.count() + 1, deliveries=sent, pdf_sha256=pdf, size=9,
            code_sha256=ids.sha256(f"{self.word} {kind}".encode()), issued_at=timezone.now(), issued_by=self.admin,
            **about,
        )  # fmt: skip

    def _statements(self, party: Party, group: Group) -> StatementRun:
        """A run of two terceros: one has its document, one has none."""
        invoice = make_invoice(party, f"EC-{self.word}-1", data={"kind": InvoiceKind.STATEMENT.value})
        day = invoice.issue_date
        run = StatementRun.objects.create(
            company=self.company, until=day, since=day, group=group, pay_to=self.word, prefix=f"EC-{self.word}-",
            first=1, statements=1, left_out=1, created_by=self.admin, created_at=timezone.now(),
            finished_at=timezone.now(),
        )  # fmt: skip
        mine = {"company": self.company, "run": run}
        out = make_party(self.company, None, name=f"Nada debe {self.word}")
        Statement.objects.create(
            party=party, invoice=invoice, state=StatementState.MADE, sequence=1, amounts={"COP": "1"}, **mine
        )
        Statement.objects.create(party=out, state=StatementState.LEFT_OUT, reason="nothing_owed", **mine)
        return run

    def _received(self, invoice: Invoice) -> InvoiceFile:
        """Its XML and its PDF as they came, a PDF drawn for its mailing, and what the buyer answered."""
        pdf = BytesIO()
        with pikepdf.new() as document:
            document.add_blank_page()
            document.docinfo["/Title"] = self.word
            document.save(pdf)
        kept = [
            InvoiceFile.objects.create(
                company=self.company, invoice=invoice, role=role, name=f"{self.word}.{ending}", media_type=media_type,
                sha256=storing.keep(self.company.pk, content), size=len(content),
            )
            for role, ending, media_type, content in (
                (FileRole.PDF, "pdf", "application/pdf", pdf.getvalue()),
                (FileRole.XML, "xml", "application/xml", XML + self.word.encode()),
            )
        ]  # fmt: skip
        mailing = invoice.deliveries.get().mailing
        Recipe.objects.create(company=self.company, mailing=mailing, digest=self.word, facts={"server": self.word})
        RenderedDocument.objects.create(
            company=self.company,
            mailing=mailing,
            invoice=invoice,
            sha256=kept[0].sha256,
            size=9,
        )
        InvoiceEvent.objects.create(
            company=self.company, invoice=invoice, code="030", number=f"A{self.word}", reference=invoice.number,
            sender_name=self.word, description=self.word, sha256=f"{self.word:0>64}",
        )  # fmt: skip
        return kept[0]

    def _imports(self, invoice: Invoice, party: Party) -> tuple[Import, Import, Conflict]:
        source = Import.objects.create(
            company=self.company,
            by=self.admin,
            status=ImportStatus.FINISHED,
            names=[f"{self.word}.zip"],
            total=2,
            read=2,
        )
        for position, outcome in enumerate(Outcome, 1):
            ImportLine.objects.create(
                company=self.company, source=source, position=position, file=f"{self.word}.xml", where=self.word,
                outcome=outcome, number=invoice.number, invoice=invoice if outcome == Outcome.IMPORT else None,
                messages=[{"level": "refusal", "where": self.word, "text": self.word, "remedy": self.word}],
            )  # fmt: skip
        question = {
            "asks": "columns", "file": f"{self.word}.xlsx", "sheet": self.word, "sheets": [self.word], "heading_row": 0,
            "headings": [self.word, "Total"], "sample": [[self.word, "1"]], "columns": {}, "missing": ["number"],
            "doubtful": [], "kind": "invoices",
        }  # fmt: skip
        asking = Import.objects.create(
            company=self.company, by=self.admin, status=ImportStatus.NEEDS_MAPPING, names=[f"{self.word}.xlsx"],
            question=question,
        )  # fmt: skip
        data = make_data(self.company, party, invoice.number, notes=(self.word,))
        files = [{"role": "pdf", "name": f"{self.word}.pdf", "media_type": "application/pdf", "size": 4}]
        files[0]["sha256"] = storing.keep(self.company.pk, b"%PDF")
        conflict = Conflict.objects.create(
            company=self.company, source=source, invoice=invoice, kind=invoice.kind, number=invoice.number,
            data=serial.to_json(data), files=files,
        )  # fmt: skip
        return source, asking, conflict
