import random

from cartero.cli.demonstration import cast
from cartero.importing.readers import values


def test_a_sheet_that_says_no_more_than_an_id_finds_the_same_tercero():
    for tercero in cast.invent(random.Random(1), 400):
        tax_id = tercero.data.tax_id
        assert values.read_id(tax_id, "", "")[0] == tax_id
