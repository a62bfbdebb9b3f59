import pytest

from cartero.mailings.states import LeftOut
from cartero.pages import reasons
from cartero.transport.explanations import EXPLANATIONS

CASES = [
    ("no_mailbox", "", "El buzón no existe."),
    ("no_address", "", "Sin correo"),
    ("unusable_address", "x@y.co: 550 5.1.1 unknown", "x@y.co: El buzón no existe."),
    ("unusable_address", "x@y.co: le falta el dominio", "x@y.co: le falta el dominio"),
    ("unusable_address", "", "Correo no utilizable"),
    ("worker_died", "", "Cartero se apagó mientras el correo salía: pudo llegar o no."),
    ("no_pdf", "FE1 no tiene PDF.", "FE1 no tiene PDF."),
    ("no_pdf", "", "No se pudo preparar el correo."),
    ("too_large", "El correo pesa 31 MB, y 25 es lo más.", "El correo pesa 31 MB, y 25 es lo más."),
    ("too_large", "", "El correo pesa más de lo que el servidor acepta."),
    ("", "", ""),
]


@pytest.mark.parametrize(("reason", "detail", "words"), CASES)
def test_happened(reason, detail, words):
    assert str(reasons.happened(reason, detail)) == words


def test_every_reason_has_words_and_doubts_have_a_remedy():
    assert all(reasons.happened(reason) for reason in (*EXPLANATIONS, *LeftOut.values))
    assert reasons.remedy("worker_died")
    assert reasons.remedy("no_address") == ""


ADDRESSES = [
    ("550 5.1.1 <luz@example.com>: user unknown", ("El buzón no existe.", "550 5.1.1")),
    ("550", ("El servidor no acepta correo para esa dirección.", "550")),
    ("no_mailbox", ("El buzón no existe.", "")),  # the conversation had no reply
    ("le falta la arroba", ("le falta la arroba", "")),  # what Cartero itself found
    ("451 4.7.1 later", ("451 4.7.1 later", "")),  # no bounce: nothing to explain it with
    ("", ("", "")),
]


@pytest.mark.parametrize(("kept", "told"), ADDRESSES)
def test_why_nothing_goes_to_an_address(kept, told):
    words, code = reasons.of_address(kept)
    assert (str(words), code) == told


def test_the_code_of_a_reply():
    assert reasons.code_of("550 5.1.1 <x>: user unknown") == "550 5.1.1"
    assert reasons.code_of("552 too big") == "552"
    assert reasons.code_of("nothing of the kind") == ""
