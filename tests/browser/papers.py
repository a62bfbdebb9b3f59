"""What Ana uploads: a ZIP of electronic documents, and a sheet of charges that are none."""

from datetime import date

from stdnum.co import nit

from tests.importing import ubl_documents
from tests.importing.workbooks import xlsx

REFUSED, FULL = "cartera@norefugio.example.co", "pagos10@vecino10.example.co"
FIRST = 501
MANY = 12


def documents() -> bytes:
    """Twelve invoices of eleven terceros: the first has two, one has no address, the mails of two come to nothing."""
    files: dict[str, bytes] = {}
    for at in range(MANY):
        files |= ubl_documents.delivery(f"FE{FIRST + at}", customer=_customer(at))
    return ubl_documents.zipped(files)


def charges() -> bytes:
    """A sheet as her accounting program writes it; the last row lacks its total."""
    rows = [
        ["Número", "NIT", "Nombre", "Correo", "Fecha", "Vence", "Total", "Saldo"],
        ["CC31", "901222333", "Panadería La Espiga SAS", "pagos@laespiga.example.co", *_days(), 250_000, 250_000],
        ["CC32", "901222341", "Taller El Piñón SAS", "taller@elpinon.example.co", *_days(), 90_000, 0],
        ["CC33", "901222358", "Ferretería Ñandú SAS", "compras@nandu.example.co", *_days(), "", ""],
    ]
    return xlsx(("Cuentas de cobro", rows)).getvalue()


def _days() -> tuple[date, date]:
    return date(2026, 11, 3), date(2026, 12, 3)


def _customer(at: int) -> str:
    which = max(0, at - 1)
    emails = {8: (), 9: (REFUSED,)}.get(which, (f"pagos{which}@vecino{which}.example.co",))
    number = str(800_100_000 + which)
    return ubl_documents.party(number, f"Vecino {which} SAS", digit=nit.calc_check_digit(number), emails=emails)
