"""Imports from files to rows: whole, the same when repeated, and told when they break off."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from procrastinate.jobs import Job

from cartero.importing import intake
from cartero.importing.models import Conflict, Import, ImportLine, ImportStatus, Outcome
from cartero.invoices.models import Invoice
from cartero.invoices.states import FileRole
from cartero.jobs import read_import
from cartero.parties.models import Address, Party
from cartero.platform.storage import StorageAway, StorageSilent
from tests.factories import make_company, make_user
from tests.importing.ubl_documents import COMPANY, container, delivery, document, pdf, response, uuid_of, zipped

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company():
    return make_company(tax_id=COMPANY, name="Conjunto Los Cedros SAS")


@pytest.fixture
def bring(company, tmp_path):
    """Imports files given by name and bytes; what became of each, by number."""

    def run(**files: bytes) -> dict[str, str]:
        paths = {}
        for name, content in files.items():
            path = tmp_path / name.replace("__", ".")
            path.write_bytes(content)
            paths[path.name] = path
        source = intake.import_paths(company, None, paths, {})
        assert source.status == ImportStatus.FINISHED
        assert source.counts == source.count_lines()
        return dict(ImportLine.objects.filter(source=source).values_list("number", "outcome"))

    return run


def test_a_zip_brings_its_documents_whole(bring, company):
    assert bring(mes__zip=zipped(delivery("FE10") | delivery("FE11"))) == {"FE10": "import", "FE11": "import"}
    invoice = Invoice.objects.of(company).get(number="FE10")
    assert {file.role for file in invoice.files.all()} == {FileRole.CONTAINER, FileRole.PDF}
    assert invoice.validation_code == "02"
    assert Party.objects.of(company).count() == 1
    assert Address.objects.of(company).get().is_principal


def test_the_same_again_changes_nothing(bring):
    bring(mes__zip=zipped(delivery("FE10")))
    assert bring(mes__zip=zipped(delivery("FE10"))) == {"FE10": Outcome.UNCHANGED}
    assert Invoice.objects.count() == 1


def test_other_content_is_a_conflict_and_changes_nothing(bring):
    bring(a__xml=container(document("FE10")).encode())
    before = Invoice.objects.get().payable_amount
    other = document("FE10").replace("119000.00", "120000.00")
    assert bring(b__xml=container(other).encode()) == {"FE10": Outcome.CONFLICT}
    assert Invoice.objects.get().payable_amount == before
    assert bring(b__xml=container(other).encode()) == {"FE10": Outcome.CONFLICT}
    assert Conflict.objects.count() == 1  # the same question is not asked twice


APART = [
    ("119000.00", "120000.00", "otro contenido: total 119000.00, y el que llegó 120000.00."),
    ("El Roble", "El Pino", "otro contenido: nombre Comercial El Roble SAS, y el que llegó Comercial El Pino SAS."),
    ("Cuota", "Multa", "otro contenido en su detalle."),
]


@pytest.mark.parametrize(("was", "now", "told"), APART)
def test_a_conflict_says_what_differs(bring, was, now, told):
    bring(a__xml=document().encode())
    bring(b__xml=document().replace(was, now).encode())
    (message,) = (each for each in ImportLine.objects.latest("pk").messages if each["where"] == "FE10")
    assert message["what"] == f"Ya hay un documento FE10 con {told}"


def test_an_event_finds_its_invoice_however_it_writes_the_cufe(bring):
    event = response("030", "FE10").replace("<cbc:ID>FE10</cbc:ID>", "<cbc:ID/>").encode()
    assert bring(e__xml=event) == {"AR1": Outcome.EVENT}
    bring(a__xml=document().replace(uuid_of("FE10"), uuid_of("FE10").upper()).encode())
    assert bring(e__xml=event) == {"FE10": Outcome.EVENT}  # its invoice is here now
    assert bring(e__xml=event) == {"FE10": Outcome.UNCHANGED}
    assert Invoice.objects.get().events.count() == 1


def test_a_pdf_finds_its_document_by_number(bring):
    bring(a__xml=container(document("FE10")).encode())
    assert bring(FE10__pdf=pdf()) == {"FE10": Outcome.IMPORT}
    assert Invoice.objects.get().files.filter(role=FileRole.PDF).count() == 1


def test_a_sheet_brings_the_balance_of_a_document(bring):
    bring(a__xml=container(document("FE10")).encode())
    invoice = Invoice.objects.get()
    sheet = (
        f"Número;NIT;Cliente;Fecha;Total;Saldo\nFE10;{invoice.party.tax_id};X;{invoice.issue_date:%d/%m/%Y};{{}};0\n"
    )
    assert bring(saldos__csv=sheet.format(f"{invoice.payable_amount:.2f}".replace(".", ",")).encode()) == {
        "FE10": "import"
    }
    invoice.refresh_from_db()
    assert invoice.balance == 0
    assert invoice.uuid


def test_terceros_gain_what_their_sheet_tells(bring, company):
    bring(a__xml=container(document("FE10")).encode())
    party = Party.objects.of(company).get()
    sheet = f"NIT;Nombre;Correo;Grupo;Zona\n{party.tax_id};{party.name};pagos@example.com;Inquilinos;Norte\n"
    assert bring(terceros__csv=sheet.encode()) == {party.tax_id: "import"}
    assert bring(terceros__csv=sheet.encode()) == {party.tax_id: Outcome.UNCHANGED}
    assert set(party.groups.values_list("kind", "name")) == {("group", "Inquilinos"), ("zone", "Norte")}
    assert party.addresses.filter(email="pagos@example.com", origin="typed").exists()


def test_columns_that_nobody_knows_are_asked_for(company, tmp_path):
    path = tmp_path / "raro.csv"
    path.write_text("alfa;beta;gama\n1;2;3\n", encoding="utf-8")
    source = intake.import_paths(company, None, {"raro.csv": path}, {})
    assert source.status == ImportStatus.NEEDS_MAPPING
    assert source.question["asks"] == "mapping"
    assert not ImportLine.objects.exists()


def test_a_reading_that_broke_off_says_so(company):
    source = Import.objects.create(company=company, names=["x.zip"], status=ImportStatus.READING)
    intake.fail(source.pk)
    source.refresh_from_db()
    assert source.status == ImportStatus.FAILED
    assert source.error


def test_what_a_killed_command_was_reading_broke_off(company):
    left = Import.objects.create(company=company, names=["x.zip"], status=ImportStatus.READING)
    uploaded = Import.objects.create(company=company, names=["y.zip"], status=ImportStatus.READING, folder="incoming/y")
    intake.give_up()
    assert status(left) == ImportStatus.READING, "it has just begun"
    Import.objects.update(created_at=timezone.now() - timedelta(hours=1))
    with ThreadPoolExecutor(1) as elsewhere, transaction.atomic():
        intake._one_at_a_time(left)
        elsewhere.submit(give_up_elsewhere).result()
    assert status(left) == ImportStatus.READING, "somebody reads"
    intake.give_up()
    assert status(left) == ImportStatus.FAILED
    assert status(uploaded) == ImportStatus.READING, "a job begins it anew"


def status(source: Import) -> str:
    source.refresh_from_db()
    return source.status


def give_up_elsewhere() -> None:
    try:
        intake.give_up()
    finally:
        connection.close()


def test_what_the_database_refuses_for_now_is_read_again():
    """It was away, or two transactions waited for each other and it ended this one."""
    job = Job(id=1, queue="import", lock=None, queueing_lock=None, task_name="import", attempts=3)
    decision = read_import.get_retry_exception(OperationalError("deadlock detected"), job)
    assert decision is not None
    assert read_import.get_retry_exception(StorageSilent(), job) is not None
    assert read_import.get_retry_exception(ValueError("a mistake of ours"), job) is None


def test_an_upload_waits_for_files_that_are_away(company, settings, tmp_path):
    """Nothing is said to be wrong with it, and nothing of it is lost."""
    settings.FILES = str(tmp_path / "files")
    (tmp_path / "mes.zip").write_bytes(zipped(delivery("FE10")))
    source = intake.receive(company, make_user(company), {"mes.zip": tmp_path / "mes.zip"}, {})
    (tmp_path / "files" / "incoming").rename(tmp_path / "away")
    with pytest.raises(StorageAway):
        read_import(source.pk)
    source.refresh_from_db()
    assert source.status in {ImportStatus.RECEIVED, ImportStatus.READING}
    (tmp_path / "away").rename(tmp_path / "files" / "incoming")
    read_import(source.pk)
    source.refresh_from_db()
    assert source.status == ImportStatus.FINISHED
    assert Invoice.objects.get().number == "FE10"
    assert list((tmp_path / "files" / "incoming").iterdir()) == []
