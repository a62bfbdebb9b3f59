import pytest

from cartero.mailings.states import LeftOut
from cartero.pages import reasons
from cartero.transport.explanations import EXPLANATIONS

CASES = [
    ("no_mailbox", "", "El buzón no existe."),
    ("no_address", "", "Sin correo"),
    ("unusable_address", "x@y.co: 550", "x@y.co: 550"),
    ("unusable_address", "", "Correo no utilizable"),
    ("worker_died", "", "Cartero se apagó mientras el correo salía: pudo llegar o no."),
    ("no_pdf", "FE1 no tiene PDF.", "FE1 no tiene PDF."),
    ("no_pdf", "", "No se pudo preparar el correo."),
    ("", "", ""),
]


@pytest.mark.parametrize(("reason", "detail", "words"), CASES)
def test_happened(reason, detail, words):
    assert str(reasons.happened(reason, detail)) == words


def test_every_reason_has_words_and_doubts_have_a_remedy():
    assert all(reasons.happened(reason) for reason in (*EXPLANATIONS, *LeftOut.values))
    assert reasons.remedy("worker_died")
    assert reasons.remedy("no_address") == ""
