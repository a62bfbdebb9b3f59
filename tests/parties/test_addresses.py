import pytest
from email_validator import validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from cartero.parties.addresses import Invalid, Valid, check, is_valid, split

GOOD = [
    ("ana@example.com", "ana@example.com"),
    ("Ana.Perez@EXAMPLE.Com.CO", "Ana.Perez@example.com.co"),  # the local part may tell upper from lower case
    (" ana@example.com ", "ana@example.com"),
    ("ana@example.com.", "ana@example.com"),  # the end of a sentence
    ("mailto:ana@example.com", "ana@example.com"),
    ("Ana Pérez <ana@example.com>", "ana@example.com"),
    ("<ana@example.com>", "ana@example.com"),
    ("ana\u200b@example.com", "ana@example.com"),  # pasted from a web page
    ("o'brien+facturas@sub.example.co", "o'brien+facturas@sub.example.co"),
    ("ana@peñalisa.example.co", "ana@xn--pealisa-5za.example.co"),
    ("a@" + "b" * 63 + ".co", "a@" + "b" * 63 + ".co"),
    ("a" * 64 + "@example.co", "a" * 64 + "@example.co"),
]

BAD = [
    ("", "Falta el correo"),
    ("ana.example.co", "le falta la arroba"),
    ("ana@b@example.co", "más de una arroba"),
    ("@example.co", "nada antes de la arroba"),
    ("ana@", "nada después de la arroba"),
    ("ana p@example.co", "tiene un espacio"),
    ("ana..p@example.co", "dos puntos seguidos"),
    ("ana@example..co", "dos puntos seguidos"),
    (".ana@example.co", "empieza con un punto"),
    ("ana.@example.co", "justo antes de la arroba"),
    ("ana@.example.co", "justo después de la arroba"),
    ("ana@example", "le falta la terminación"),
    ("ana@-example.co", "guion"),
    ("ana@example-.co", "guion"),
    ("ana@ex_ample.co", "no puede ir «_»"),
    ("an,a@example.co", "no puede ir «,»"),
    ("an%,a@example.co", "no puede ir «,»"),
    ('ana"x"@example.co', "comillas"),
    ("ana(casa)@example.co", "paréntesis"),
    ("ana@[192.0.2.1]", "dirección IP"),
    ("ana@192.0.2.1", "termina en números"),
    ("ana@example.c", "una sola letra"),
    ("ana@servidor.local", "interno"),
    ("ana@раypal.com", "alfabetos distintos"),  # Cyrillic р and а
    ("ana@xn--a.co", "no se puede usar"),
    ("a" * 65 + "@example.co", "64 letras"),
    ("a@" + "b" * 64 + ".co", "63 letras"),
    ("a@" + ".".join(["b" * 60] * 5) + ".co", "254 letras"),
]

TYPING_ERRORS = [
    ("ana@gmial.com", "ana@gmail.com"),
    ("ana@gmai.com", "ana@gmail.com"),
    ("ana@gmaill.com", "ana@gmail.com"),
    ("ana@gnail.com", "ana@gmail.com"),
    ("ana@gmail.co", "ana@gmail.com"),
    ("ana@gmail.com.co", "ana@gmail.com"),
    ("ana@gmail.con", "ana@gmail.com"),
    ("ana@hotmial.com", "ana@hotmail.com"),
    ("ana@hotmial.con", "ana@hotmail.com"),
    ("ana@hotmal.es", "ana@hotmail.es"),
    ("ana@outlok.com", "ana@outlook.com"),
    ("ana@yaho.com.co", "ana@yahoo.com.co"),
    ("ana@example.con", "ana@example.com"),
    ("ana@example.co.co", "ana@example.com.co"),
    ("ana@example.con.co", "ana@example.com.co"),
    ("peña@example.co", "pena@example.co"),
]

LISTS = [
    ("ana@example.co", ["ana@example.co"]),
    ("a@x.co;b@x.co, c@x.co / d@x.co e@x.co|f@x.co\ng@x.co", [f"{letter}@x.co" for letter in "abcdefg"]),
    ("a@x.co y b@x.co", ["a@x.co", "b@x.co"]),
    ("a@x.co\xa0b@x.co", ["a@x.co", "b@x.co"]),
    ("A@x.co a@x.co", ["A@x.co"]),  # one mailbox
    ("ana @ example.co", ["ana@example.co"]),
    ("Pérez, Ana <ana@example.co>; 'Beto' <beto@example.co>", ["ana@example.co", "beto@example.co"]),
    ("ana@example.co.", ["ana@example.co"]),
    ("anagmail.com", ["anagmail.com"]),  # to be told that the at sign is missing
    ("", []),
    ("no tiene", []),
    ("N/A", []),
    ("N.A.", []),
    (".", []),
    ("-", []),
    ("@", []),
    ("xxxx@xxxx", []),
    ("x@x.com", []),
    ("notiene@notiene.com", []),
    ("No_Tiene@correo.com", []),
    ("no@hotmail.com", ["no@hotmail.com"]),  # odd, but it may be somebody
]


@pytest.mark.parametrize(("typed", "normalised"), GOOD)
def test_an_address_is_normalised(typed, normalised):
    assert check(typed) == Valid(normalised=normalised)


@pytest.mark.parametrize(("typed", "reason"), BAD)
def test_what_is_wrong_is_said(typed, reason):
    checked = check(typed)
    assert isinstance(checked, Invalid)
    assert reason in checked.reason
    assert not is_valid(typed)


def test_the_reason_names_the_address():
    assert check("ana..p@x.co").reason == "«ana..p@x.co» no es un correo válido: dos puntos seguidos"


@pytest.mark.parametrize(("typed", "meant"), TYPING_ERRORS)
def test_typing_errors_are_proposed_not_changed(typed, meant):
    checked = check(typed)
    assert isinstance(checked, Valid)
    assert (checked.normalised, checked.proposal) == (typed, meant)


@pytest.mark.parametrize(
    "right",
    [
        "gmail.com",
        "hotmail.es",
        "ymail.com",
        "mail.com",
        "yahoo.com.mx",
        "yahoo.de",
        "outlook.fr",
        "live.com",
        "example.com.co",
    ],
)
def test_domains_that_are_right_get_no_proposal(right):
    assert check(f"ana@{right}").proposal == ""


def test_a_refused_address_may_have_a_proposal():
    assert check("ana@gmail").proposal == "ana@gmail.com"
    assert check("ana..p@gmial.com").proposal == "ana.p@gmail.com"


def test_a_local_part_with_accents_comes_in_with_a_warning():
    checked = check("josé@example.co")
    assert isinstance(checked, Valid)
    assert "tildes" in checked.remarks[0]


@pytest.mark.parametrize(("text", "found"), LISTS)
def test_split(text, found):
    assert split(text) == found


letters = st.text(alphabet="ab1.-_+%@ñ ", max_size=20)


@given(letters.map(lambda local: f"{local}@example.co") | letters.map(lambda domain: f"ana@{domain}.co") | letters)
@example("a-@example.co")
@example("ana@a--b.co")
@example("ana@ab--c.co")
def test_what_is_valid_here_is_valid_for_the_library(text):
    checked = check(text)
    if isinstance(checked, Valid):
        assert validate_email(checked.normalised, check_deliverability=False)
