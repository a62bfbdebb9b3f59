from dataclasses import replace

import pytest

from cartero.cli.demonstration import packing, ubl
from cartero.cli.demonstration.sales import SELLER
from cartero.importing.readers import ubl as reader
from cartero.importing.refusals import Level
from tests.cli.demonstration.story import ELECTRONIC


def warnings(data):
    """What a reader has to warn of in a document that is wrong on purpose."""
    wanted = set()
    if not data.customer.emails and data.customer.id_type != "13":
        wanted.add("adquiriente")
    if data.validation is None or data.validation.code != "02":
        wanted.add("validación de la DIAN")
    return wanted


def test_every_container_reads_back_as_it_was_meant():
    """The real reader gets back each value, and warns of nothing but what the plan made wrong."""
    for data in ELECTRONIC:
        read = reader.read(ubl.container(data), packing.container_name(data), SELLER.tax_id)
        works = tuple(email for email in data.customer.emails if ".." not in email)  # others are told, not kept
        assert read.data == replace(data, balance=None, customer=replace(data.customer, emails=works))
        told = {remark.where for remark in read.remarks if remark.level is Level.WARNING}
        assert told <= {"adquiriente", "validación de la DIAN"}
        assert told - {"adquiriente"} == warnings(data) - {"adquiriente"}
        assert ("adquiriente" in told) <= (not works)


@pytest.mark.parametrize("sign", ["<", "&", '"'])
def test_signs_of_xml_in_a_name_stay_what_they_are(sign):
    name = f"Año {sign} Hijos"
    data = replace(ELECTRONIC[5], customer=replace(ELECTRONIC[5].customer, name=name))
    assert reader.read(ubl.container(data), "a.xml", SELLER.tax_id).data.customer.name == name
