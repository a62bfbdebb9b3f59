from dataclasses import replace
from decimal import Decimal

import pytest

from cartero.composing import pay_address
from cartero.composing.fields import FIELDS
from tests.composing.examples import RECIPIENT, SENDER, document

BASE = "https://pagos.example.co/p"


def filled(address, *documents, recipient=RECIPIENT):
    return pay_address.fill(address, documents or [document()], recipient=recipient, sender=SENDER)


CASES = [
    ("?ref={{ factura.numero }}", "?ref=FE18342"),
    ("?nit={{ tercero.nit }}", "?nit=900511204"),
    ("?valor={{ factura.saldo }}", "?valor=850000.00"),
    ("?valor={{ factura.total }}", "?valor=1250000.00"),
    ("?antes={{factura.vencimiento}}", "?antes=2026-07-15"),
    ("/{{ Tercero.Nombre }}", "/Inmobiliaria%20Los%20Cerezos%20S.A.S."),
    ("", ""),
]


@pytest.mark.parametrize(("typed", "expected"), CASES)
def test_what_programs_read(typed, expected):
    assert filled(BASE + typed, document(balance=Decimal("850000"))) == BASE + expected


def test_a_value_stays_a_value():
    """It can neither add a parameter nor lead elsewhere."""
    odd = replace(RECIPIENT, name="A & B/../?x=1#y @z\nñ {{ factura.numero }}")
    assert filled(f"{BASE}?de={{{{ tercero.nombre }}}}", recipient=odd).startswith(
        f"{BASE}?de=A%20%26%20B%2F..%2F%3Fx%3D1%23y%20%40z"
    )
    assert "FE18342" not in filled(f"{BASE}?de={{{{ tercero.nombre }}}}", recipient=odd)


def test_several_documents_are_paid_together():
    two = document("FE1", "1000"), document("FE2", "500.5")
    assert (
        filled(f"{BASE}?r={{{{ factura.numero }}}}&v={{{{ factura.saldo }}}}", *two) == f"{BASE}?r=FE1%2CFE2&v=1500.50"
    )


def test_two_currencies_are_no_amount():
    two = document("FE1", "1000"), replace(document("FE2", "20"), currency="USD")
    assert filled(f"{BASE}?v={{{{ documentos.total }}}}", *two) == f"{BASE}?v="


def test_every_comodin_may_stand_there():
    for field in FIELDS:
        assert "{" not in filled(f"{BASE}?x={{{{ {field.name} }}}}")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (f"{BASE}?r={{{{ factura.numero }}}}", False),
        ("https://{{ tercero.nombre }}.example.co/", True),
        ("https://pagos.example.co{{ factura.numero }}/", True),
        ("{{ factura.numero }}", True),
    ],
)
def test_no_comodin_names_the_host(address, expected):
    assert pay_address.names_host(address) is expected
