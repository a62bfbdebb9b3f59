import email
from email import policy
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartero.composing import headers
from cartero.composing.errors import BadAddress, BadLink, BadMessageId


def parsed(line, a_policy=policy.default):
    return email.message_from_bytes(line + b"\r\n", policy=a_policy)


TIDY = [
    ("Ana Pérez", "Ana Pérez"),
    ("a\r\nBcc: x@e.example.co", "a Bcc: x@e.example.co"),  # no line of its own
    ("a\0b\x1bc\x7fd\x85e", "abcde"),
    ("a\u2028b\u2029c", "abc"),  # some programs break lines here
    ("\u202eoc.elpmaxe", "oc.elpmaxe"),  # turned text
    ("=?utf-8?q?=0ABcc:x?=", "Bcc:x"),  # CVE-2024-6923
    ("=?utf-8?b?w7E=?= y =?iso-8859-1?q?=F1?=", "ñ y ñ"),  # honest ones are read
    ("=?x-nada?b?w7E=?=", ""),  # no such charset
    ("=?utf-8?b?%%%?=", ""),
    ("=?utf-8?q?=3D=3Futf-8=3Fq=3F=0ABcc:x=3F=3D?=", "utf-8?q? Bcc:x?="),  # one inside the other
    ("==??=", "="),  # taking one out makes another
    ("=\0?utf-8?q?a?=", "utf-8?q?a?="),
    ("\ud800a", "a"),  # half a character cannot be written
    ("  a  b  ", "a  b"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "tidy"), TIDY)
def test_tidy(text, tidy):
    assert headers.tidy(text) == tidy


SUBJECTS = [
    "901280137;EMPRESA EJEMPLO SAS;FVET2254;01;EMPRESA EJEMPLO SAS",
    "901280137;EMPRESA EJEMPLO DE LA COSTA SAS;FVET2254;01;EMPRESA EJEMPLO DE LA COSTA;Construcción",
    "901280137;EMPRESA EJEMPLO DE LA COSTA SAS;FVET2254;01;EMPRESA EJEMPLO DE LA COSTA SAS Y OTROS MAS",
    "a" * 200,
    "ñ" * 200,
    "a  b   c",
    "x" * 66 + " y",
    "日本語の請求書" * 10,
    "👩‍👩‍👧‍👦" * 20,
    "Factura: 1",
    "",
]


@pytest.mark.parametrize("text", SUBJECTS)
@pytest.mark.parametrize("a_policy", [policy.default, policy.compat32])
def test_a_subject_is_read_back(text, a_policy):
    line = headers.unstructured("Subject", text)
    found = parsed(line, a_policy)["Subject"]
    if a_policy is policy.compat32:
        found = str(make_header(decode_header(found.replace("\r\n", ""))))
    assert str(found) == text
    assert max(map(len, line.split(b"\r\n"))) <= 76


def test_a_long_subject_in_ascii_stays_legible_to_programs_that_split_it():
    assert headers.unstructured("Subject", SUBJECTS[2]) == (
        b"Subject: 901280137;EMPRESA EJEMPLO DE LA COSTA SAS;FVET2254;01;EMPRESA\r\n"
        b" EJEMPLO DE LA COSTA SAS Y OTROS MAS\r\n"
    )


@given(st.text(max_size=150))
def test_any_subject_is_one_header_that_is_read_back(text):
    text = headers.tidy(text)
    line = headers.unstructured("Subject", text)
    found = parsed(line)
    assert found.keys() == ["Subject"]
    assert str(found["Subject"]).rstrip(" ") == text
    assert all(len(part) <= 76 and part.isascii() for part in line.decode().split("\r\n"))


def test_encoded_words_hold_whole_characters():
    words = headers.unstructured("Subject", "aé👍" * 40).decode().removeprefix("Subject: ").split("\r\n ")
    assert len(words) > 3
    assert all(str(make_header(decode_header(word))) for word in words)  # half a character would not decode


NAMES = [
    "Ana",
    "Valle Verde S.A.S.",
    'La "Única" Ltda.',
    'Uno, dos; <tres> \\ "cuatro"',
    "Señor (Ñoño)",
    "X" * 120,
    "ñandú " * 20,
]


@pytest.mark.parametrize("name", NAMES)
def test_a_display_name_is_read_back(name):
    line = headers.mailbox("From", name, "a@e.example.co")
    found = parsed(line, policy.compat32)
    assert found.keys() == ["From"]
    shown, address = email.utils.parseaddr(found["From"])
    # not policy.default: in Python 3.11 it puts a space between two encoded words of a name, against RFC 2047, 6.2
    assert str(make_header(decode_header(shown))) == headers.tidy(name)
    assert address == "a@e.example.co"
    assert [mailbox.addr_spec for mailbox in parsed(line)["From"].addresses] == ["a@e.example.co"]
    assert max(map(len, line.split(b"\r\n"))) <= 76


ADDRESSES = [
    ("ana@e.example.co", "ana@e.example.co"),
    ("Ana.Perez+x_y@E.example.co", "Ana.Perez+x_y@E.example.co"),  # as given
    ("ana@compañía.example.co", "ana@xn--compaa-7va5a.example.co"),
    ("josé@e.example.co", "josé@e.example.co"),  # SMTPUTF8: the transport says whether it can
]


@pytest.mark.parametrize(("address", "wire"), ADDRESSES)
def test_an_address_goes_out_with_its_domain_in_ascii(address, wire):
    assert headers.wire_address(address) == wire


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "ana@",
        "@e.example.co",
        "ana@local",
        "ana@e.example.co\r\nBcc: x@e.example.co",
        "ana@e.example.co\n",
        "ana@e.example.co, x@e.example.co",
        "ana@e.example.co x@e.example.co",
        "Ana <ana@e.example.co>",
        '"a b"@e.example.co',
        "ana(x)@e.example.co",
        "ana@[127.0.0.1]",
        "ana..x@e.example.co",
        ".ana@e.example.co",
        "=?utf-8?q?=0ABcc?=@e.example.co",  # each character is allowed, the whole is an encoded word
        "ana@-e.example.co",
        "ana\0@e.example.co",
        "ana\u202e@e.example.co",
        "ana@e.example.co>",
        "a" * 250 + "@e.example.co",
        "ana@e..example.co",
    ],
)
def test_an_address_that_says_more_than_an_address_is_refused(address):
    with pytest.raises(BadAddress) as refusal:
        headers.wire_address(address)
    assert address in refusal.value.user_text


@pytest.mark.parametrize(("given_id", "bare"), [("a.1@e.example.co", "a.1@e.example.co"), ("<a@e.co>", "a@e.co")])
def test_a_message_id_goes_without_its_brackets(given_id, bare):
    assert headers.message_id(given_id) == bare


@pytest.mark.parametrize("given_id", ["", "a", "a b@e.co", "a@e.co>\r\nBcc: x@e.co", "ñ@e.co", "<<a@e.co>>"])
def test_a_bad_message_id_is_refused(given_id):
    with pytest.raises(BadMessageId):
        headers.message_id(given_id)


@pytest.mark.parametrize("url", ["", "https://e.example.co/a?b=c&d=%20", "http://127.0.0.1:8000/f/x"])
def test_a_link_passes(url):
    assert headers.link(url) == url


@pytest.mark.parametrize(
    "url", ["javascript:x()", "/f/x", "https://e.co/>\r\nBcc: x", "https://e.co/a b", "https://e.co/<b>"]
)
def test_a_bad_link_is_refused(url):
    with pytest.raises(BadLink):
        headers.link(url)


FILES = [
    ("z090037721600026000047a6.zip", "z090037721600026000047a6.zip", "z090037721600026000047a6.zip"),
    ("Factura nº 1 ñandú.pdf", "Factura nº 1 ñandú.pdf", "Factura no 1 nandu.pdf"),
    ("../../etc/passwd", "_.._etc_passwd", "_.._etc_passwd"),
    ('a"; filename="b.exe', "a_; filename=_b.exe", "a__ filename=_b.exe"),
    ("a\r\nBcc: x.pdf", "a Bcc_ x.pdf", "a Bcc_ x.pdf"),
    ("=?utf-8?q?=0Ab?=.pdf", "b.pdf", "b.pdf"),
    ("請求書.pdf", "請求書.pdf", "documento.pdf"),
    ("é" * 120 + ".pdf", "é" * 120 + ".pdf", "e" * 47 + ".pdf"),
    (".oculto", "oculto", "oculto"),
    (" .\N{NO-BREAK SPACE}.a.pdf\N{NO-BREAK SPACE}", "a.pdf", "a.pdf"),  # parsers take spaces at the ends away
    ("", "documento", "documento"),
]


@pytest.mark.parametrize(("given_name", "whole", "ascii_name"), FILES)
@pytest.mark.parametrize("a_policy", [policy.default, policy.compat32])
def test_a_file_name_is_read_back(given_name, whole, ascii_name, a_policy):
    name = headers.file_name(given_name)
    lines = headers.file_lines("application/pdf", "attachment", name)
    found = parsed(lines, a_policy)
    assert found.keys() == ["Content-Type", "Content-Disposition"]
    assert found.get_filename() == name == whole
    assert found.get_param("name") == ascii_name
    assert found.get_content_disposition() == "attachment"
    assert max(map(len, lines.split(b"\r\n"))) <= 90


def test_a_media_type_that_is_none_promises_nothing():
    lines = headers.file_lines("text/html\r\nBcc: x", "attachment", "a.pdf")
    assert parsed(lines).get_content_type() == "application/octet-stream"
