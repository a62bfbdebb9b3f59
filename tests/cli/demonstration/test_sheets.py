from io import BytesIO

import pytest

from cartero.cli.demonstration import sheets
from cartero.cli.demonstration.sales import SELLER
from cartero.importing.parcels import ReadInvoice
from cartero.importing.party_rows import PartyRow
from cartero.importing.readers import rows
from cartero.importing.refusals import Refusal
from tests.cli.demonstration.story import STORY, TODAY

WRITERS = {
    "terceros.xlsx": lambda: sheets.parties(STORY.cast),
    "cuentas-de-cobro.xlsx": lambda: sheets.rows(STORY.sales),
    "saldos.csv": lambda: sheets.balances(STORY.sales),
}


def read(name):
    return list(rows.read(BytesIO(WRITERS[name]()), rows.Options(file=name, supplier=SELLER, today=TODAY)))


def test_every_tercero_but_the_final_consumer_is_read():
    found = {each.tax_id: each for each in read("terceros.xlsx") if isinstance(each, PartyRow)}
    assert found.keys() == {each.data.tax_id for each in STORY.cast} - {"222222222222"}
    wanted = STORY.cast[7]
    assert (found[wanted.data.tax_id].groups, found[wanted.data.tax_id].zones) == ((wanted.group,), (wanted.zone,))


def test_rows_without_a_file_are_read_as_documents():
    found = {each.data.number: each.data for each in read("cuentas-de-cobro.xlsx") if isinstance(each, ReadInvoice)}
    wanted = {sale.data.number: sale.data for sale in STORY.sales if not sale.is_electronic}
    assert {number: (data.totals.payable, data.balance) for number, data in found.items()} == {
        number: (data.totals.payable, data.balance) for number, data in wanted.items()
    }


def test_balances_are_read_to_the_cent():
    found = {each.data.number: each.data.balance for each in read("saldos.csv") if isinstance(each, ReadInvoice)}
    balanced = (sale.data for sale in STORY.sales if sale.is_electronic and sale.data.balance is not None)
    assert found == {data.number: data.balance for data in balanced}


@pytest.mark.parametrize("name", WRITERS)
def test_no_row_is_refused_and_the_bytes_are_the_same_each_time(name):
    assert not [each for each in read(name) if isinstance(each, Refusal)]
    assert WRITERS[name]() == WRITERS[name]()
