import email
import re
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartero.composing import headers, mime
from cartero.composing.characters import printable
from cartero.composing.errors import BadAddress, BadLink, BadMessageId
from cartero.invoices.data import Document
from cartero.platform import wire
from tests.composing.examples import RECIPIENT, SENDER, ZIP, composed, document, frame, letter, png

FIXED = [
    "From", "Reply-To", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted", "Content-Type"
]  # fmt: skip
UNSUBSCRIBE = ["List-Unsubscribe", "List-Unsubscribe-Post"]


def read(message):
    return email.message_from_bytes(message, policy=policy.default)


def lines(content):
    return content.replace("\r\n", "\n")


def shape(part):
    inner = [shape(child) for child in part.iter_parts()]
    return [part.get_content_type(), *inner] if inner else part.get_content_type()


def test_a_legal_delivery_is_a_message_and_one_zip():
    subject = "900377216;ADMINISTRACIONES VALLE VERDE SAS;FE18342;01;VALLE VERDE"
    the_letter = letter(subject=subject, envelope_from="bounces@valleverde.example.co")
    mail = mime.compose(mime.prepare(frame(legal=True, sender=replace(SENDER, logo=png()))), the_letter)
    found = read(mail.message)
    assert found.keys() == FIXED
    assert found["From"] == "Valle Verde · Administración <facturas@valleverde.example.co>"
    assert found["Reply-To"] == "cartera@valleverde.example.co"
    assert found["To"] == "pagos@loscerezos.example.co"
    assert found["Subject"] == subject == mail.subject
    assert found["Date"] == "Wed, 01 Jul 2026 20:30:00 -0500"
    assert found["Message-ID"] == "<7d0f.41@valleverde.example.co>"
    assert found["MIME-Version"] == "1.0"
    assert found["Auto-Submitted"] == "auto-generated"
    assert shape(found) == ["multipart/mixed", ["multipart/alternative", "text/plain", "text/html"], "application/zip"]
    attachment = found.get_payload()[1]
    assert attachment.get_filename() == ZIP.name
    assert attachment.get_content() == ZIP.content
    assert (mail.to, mail.envelope_from) == (("pagos@loscerezos.example.co",), "bounces@valleverde.example.co")
    assert mail.size == len(mail.message)
    assert all(not part.defects for part in found.walk())
    assert mime.check(mail) is None


def test_a_copy_shows_the_logo_and_may_carry_several_files():
    pdf = Document(name="Factura ñ.pdf", media_type="application/pdf", content=b"%PDF-1.7")
    the_letter = letter(attachments=(ZIP, pdf), to=("a@e.example.co", "b@e.example.co"))
    mail = mime.compose(mime.prepare(frame(sender=replace(SENDER, logo=png()))), the_letter)
    found = read(mail.message)
    related = ["multipart/related", "text/html", "image/png"]
    assert shape(found) == [
        "multipart/mixed",
        ["multipart/alternative", "text/plain", related],
        "application/zip",
        "application/pdf",
    ]
    assert [mailbox.addr_spec for mailbox in found["To"].addresses] == ["a@e.example.co", "b@e.example.co"]
    page, logo = [part for part in found.walk() if part.get_content_type() in ("text/html", "image/png")]
    assert f"cid:{logo['Content-ID'][1:-1]}" in page.get_content()
    assert logo.get_content() == png()
    assert logo.get_content_disposition() == "inline"
    assert [part.get_filename() for part in found.iter_attachments()] == [ZIP.name, "Factura ñ.pdf"]
    assert all(not part.defects for part in found.walk())
    assert mime.check(mail) is None


def test_what_the_page_shows_is_what_goes_out():
    prepared = mime.prepare(frame())
    found = read(mime.compose(prepared, letter()).message)
    assert lines(found.get_body(("plain",)).get_content()) == mime.text_of(prepared, letter())
    assert lines(found.get_body(("html",)).get_content()) == mime.html_of(prepared, letter())


def test_the_same_letter_gives_the_same_bytes():
    assert composed(frame(), letter()) == composed(frame(), letter())
    assert composed(frame(), letter()) != composed(frame(), letter(message_id="7d0f.42@valleverde.example.co"))


SUBJECTS = [
    (frame(), letter(), "Su factura FE18342"),
    (frame(test=True), letter(), "[PRUEBA] Su factura FE18342"),
    (frame(test=True, legal=True), letter(subject="1;A;B1;01;A"), "[PRUEBA] 1;A;B1;01;A"),
    (frame(), letter(subject="{{ tercero.nombre }}"), "{{ tercero.nombre }}"),  # as it stands
    (frame(subject="{{ empresa.telefono }} \n"), letter(fields={"empresa.telefono": "1\r\n2"}), "1 2"),
]


@pytest.mark.parametrize(("a_frame", "a_letter", "subject"), SUBJECTS)
def test_subject(a_frame, a_letter, subject):
    assert mime.subject_of(mime.prepare(a_frame), a_letter) == subject
    assert read(composed(a_frame, a_letter))["Subject"] == subject


def test_a_subject_with_accents_passes_in_ascii():
    message = composed(
        frame(subject="Cobro a {{ tercero.nombre }}"), letter(recipient=replace(RECIPIENT, name="Peñón"))
    )
    assert message.partition(b"\r\n\r\n")[0].isascii()
    assert read(message)["Subject"] == "Cobro a Peñón"


UNSUBSCRIBING = [
    (frame(unsubscribe=True), "https://ver.example.co/baja/1", UNSUBSCRIBE),
    (frame(unsubscribe=True), "http://127.0.0.1:8000/baja/1", UNSUBSCRIBE[:1]),  # RFC 8058 asks for https
    (frame(unsubscribe=True), "", []),
    (frame(), "https://ver.example.co/baja/1", []),  # an invoice has no unsubscribe
]


@pytest.mark.parametrize(("a_frame", "url", "names"), UNSUBSCRIBING)
def test_unsubscribe_only_where_frame_and_letter_allow_it(a_frame, url, names):
    found = read(composed(a_frame, letter(unsubscribe_url=url)))
    assert [name for name in found.keys() if name.startswith("List-")] == names  # noqa: SIM118  # Message is no dict
    if names:
        assert found["List-Unsubscribe"].strip() == f"<{url}>"


def test_a_sender_without_an_address_for_replies_has_no_reply_to():
    found = read(composed(frame(sender=replace(SENDER, reply_to="")), letter()))
    assert found.keys() == [name for name in FIXED if name != "Reply-To"]


def test_the_envelope_is_the_senders_address_unless_told():
    assert mime.compose(mime.prepare(frame()), letter()).envelope_from == SENDER.from_address


def test_a_domain_outside_ascii_goes_in_ascii_in_header_and_envelope():
    mail = mime.compose(mime.prepare(frame()), letter(to=("ana@compañía.example.co",)))
    assert mail.to == ("ana@xn--compaa-7va5a.example.co",)
    assert read(mail.message)["To"] == "ana@xn--compaa-7va5a.example.co"


def test_midnight_in_utc_is_still_the_day_before_here():
    assert b"\r\nDate: Thu, 31 Dec 2026 19:00:00 -0500\r\n" in composed(
        frame(), letter(date=datetime(2027, 1, 1, tzinfo=UTC))
    )


REFUSED = [
    ({"to": ()}, BadAddress),
    ({"to": ("a@e.example.co", "b@e.example.co\r\nBcc: c@e.example.co")}, BadAddress),
    ({"envelope_from": "a@e.example.co> SIZE=1"}, BadAddress),
    ({"message_id": "a@e.co>\r\nBcc: c@e.example.co"}, BadMessageId),
    ({"view_url": "javascript:alert(1)"}, BadLink),
]


@pytest.mark.parametrize(("change", "error"), REFUSED)
def test_a_letter_that_cannot_be_addressed_is_refused(change, error):
    with pytest.raises(error):
        composed(frame(), letter(**change))


HOSTILE = [
    "\r\nBcc: intruso@malo.example.com",
    "a\nBcc: intruso@malo.example.com",
    "a\rBcc: intruso@malo.example.com",
    "a\r\n\r\n<html>otro cuerpo",
    "a\r\n.\r\nMAIL FROM:<intruso@malo.example.com>",
    "\n.\n",
    "=?utf-8?q?=0ABcc:_intruso=40malo.example.com?=",
    "=?utf-8?b?DQpCY2M6IGludHJ1c29AbWFsby5leGFtcGxlLmNvbQ==?=",
    "=?utf-8?q?=3D=3Futf-8=3Fq=3F=0ABcc:x=3F=3D?=",
    "a\0b\x1b[2Jc\x7f",
    "a\x85b\u2028c\u2029d\x0be\x0cf",
    "\u202egpj.exe\u2066",
    "\ud800 sola",
    '"; filename="otro.exe',
    "--=_632ea7563ef233afa3892fbam--",
    "<script>alert(1)</script>",
    "{{ settings.SECRET_KEY }} {% debug %} {0.__class__} %(total)s %s",
    "@@message@@ @@#documents@@",
    "x" * 1200,
    "ñ" * 700,
    "palabra " * 300,
    "👩‍👩‍👧‍👦" * 60,
    "O'Higgins & Cía <ventas>, «Bogotá»; 100 % = .",
    "   ",
    "",
]
PLACES = {
    "recipient": lambda text: (
        frame(subject="Para {{ tercero.nombre }}"),
        letter(recipient=replace(RECIPIENT, name=text)),
    ),
    "subject": lambda text: (frame(legal=True), letter(subject=f"1;{text};FE1;01;X")),
    "template": lambda text: (frame(subject=f"S {text}", message_html=f"<p>{text}</p>"), letter()),
    "from name": lambda text: (frame(sender=replace(SENDER, from_name=text)), letter()),
    "company": lambda text: (
        frame(sender=replace(SENDER, name=text, trade_name=text, city=text, phone=text, color=text, tax_id=text)),
        letter(),
    ),
    "file": lambda text: (frame(), letter(attachments=(Document(name=text, media_type=text, content=b"x"),))),
    "document": lambda text: (frame(), letter(document(text, kind_label=text, currency=text, period=text))),
    "field": lambda text: (
        frame(message_html="<p>{{ empresa.telefono }}</p>"),
        letter(fields={"empresa.telefono": text}),
    ),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(place, text):
    """25 texts in 8 places: headers are the fixed list, bytes may travel, parsing gives back what went in."""
    a_frame, a_letter = PLACES[place](text)
    holds(a_frame, a_letter)


@given(text=st.text(max_size=120), place=st.sampled_from(sorted(PLACES)))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_stays_text(text, place):
    a_frame, a_letter = PLACES[place](text)
    holds(a_frame, a_letter)


def holds(a_frame, a_letter):
    prepared = mime.prepare(a_frame)
    mail = mime.compose(prepared, a_letter)
    assert mime.check(mail) is None
    message = mail.message
    assert message.count(b"\n") == message.count(b"\r") == message.count(b"\r\n")
    assert b"\0" not in message
    assert max(map(len, message.split(b"\r\n"))) <= 998
    assert message.isascii()
    head = message.partition(b"\r\n\r\n")[0]
    assert re.findall(rb"^([^\s:]+):", head, re.MULTILINE) == [name.encode() for name in FIXED]
    old, new = email.message_from_bytes(message), read(message)
    assert old.keys() == new.keys() == FIXED
    assert str(new["Subject"]).strip(" ") == mail.subject.strip(" ") == headers.tidy(mail.subject)
    assert str(make_header(decode_header(old["Subject"].replace("\r\n", "")))).strip(" ") == mail.subject.strip(" ")
    shown, address = email.utils.parseaddr(old["From"])
    sender = a_frame.sender
    assert str(make_header(decode_header(shown))) == headers.tidy(sender.from_name or sender.name)
    assert address == sender.from_address
    assert new["To"] == ", ".join(a_letter.to)
    assert [part.get_content_type() for part in new.walk()][:4] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert [part.get_filename() for part in new.iter_attachments()] == [
        headers.file_name(attached.name) for attached in a_letter.attachments
    ]
    text = lines(new.get_body(("plain",)).get_content())
    for row in a_letter.documents:
        assert printable(row.number).strip() in text
    if "empresa.telefono" in a_letter.fields and "empresa.telefono" in prepared.fields:
        assert printable(a_letter.fields["empresa.telefono"]) in text


def test_a_frame_names_the_comodines_it_uses():
    prepared = mime.prepare(frame(subject="{{ envio.periodo }} {{ nada.nada }}"))
    assert prepared.fields == {
        "envio.periodo",
        "tercero.nombre",
        "factura.numero",
        "factura.total",
        "factura.vencimiento",
    }


SPOILED = [
    (b"\r\nTo: ", b"\r\nBcc: x@e.example.co\r\nTo: ", "repetido o ajeno"),
    (b"\r\nTo: ", b"\r\nTo: x@e.example.co\r\nTo: ", "repetido o ajeno"),
    (b"\r\nTo: ", b"\r\nX-Mailer: x\r\nTo: ", "repetido o ajeno"),
    (b"\r\nTo: ", b"\r\nsin dos puntos\r\nTo: ", "repetido o ajeno"),
    (b"\r\nTo: ", b"\r\nX: ", "falta el encabezado To"),
    (b"\r\nDate: ", b"\r\nX: ", "falta el encabezado Date"),
    (b"Auto-Submitted: auto-generated\r\n", b"", "falta el encabezado Auto-Submitted"),
    (b"Valle Verde\r\n", b"Valle Verde\n", "no pueden viajar"),
    (b"Valle Verde\r\n", b"Valle\rVerde\r\n", "no pueden viajar"),
    (b"Valle Verde\r\n", b"Valle\r\r\nVerde\r\n", "no pueden viajar"),
    (b"Valle Verde\r\n", b"Valle\0Verde\r\n", "no pueden viajar"),
    (b"Valle Verde\r\n", b"V" * 999 + b"\r\n", "demasiado larga"),
    (b"m--\r\n", b"m--", "no pueden viajar"),  # cut short
]


@pytest.mark.parametrize(("sound", "spoiled", "reason"), SPOILED)
def test_check_sees_what_must_not_go_out(sound, spoiled, reason):
    mail = mime.compose(mime.prepare(frame()), letter())
    assert sound in mail.message
    found = mime.check(replace(mail, message=mail.message.replace(sound, spoiled, 1)))
    assert found is not None
    assert reason in found


def test_what_is_left_to_look_at_is_all_but_base64():
    files = [Document(name=f"{n}.bin", media_type="application/zip", content=bytes(range(256)) * n) for n in (0, 1, 99)]
    message = mime.compose(mime.prepare(frame()), letter(attachments=tuple(files))).message
    rest = message
    for file in files:
        encoded = mime.base64_lines(file.content)
        assert encoded in rest
        rest = rest.replace(encoded, b"", 1) if encoded else rest
    assert wire.unencoded(message) == rest
    assert wire.unencoded(bytes(message)) == message


def test_check_lets_a_line_of_998_pass():
    mail = mime.compose(mime.prepare(frame()), letter())
    assert mime.check(replace(mail, message=mail.message.replace(b"Valle Verde\r\n", b"V" * 998 + b"\r\n", 1))) is None


@pytest.mark.parametrize("size", [0, 1, 56, 57, 58, 114, 57 * 256 - 1, 57 * 256, 57 * 256 + 1, 57 * 512, 100_000])
def test_base64_lines(size):
    content = bytes(index % 251 for index in range(size))
    lines = mime.base64_lines(content).split(b"\r\n")
    assert b64decode(b"".join(lines)) == content
    assert all(len(line) == 76 for line in lines[:-1])
    assert len(lines[-1]) in range(77)
    assert size == 0 or lines[-1]


@pytest.mark.parametrize("size", [0, 22_000, 2_000_000])
@pytest.mark.parametrize("rows", [1, 40])
def test_the_estimate_is_a_little_more_than_the_mail(size, rows):
    attached = (Document(name="a.zip", media_type="application/zip", content=b"x" * size),)
    the_letter = letter(*[document(f"FE{number}") for number in range(rows)], attachments=attached)
    real = len(composed(frame(), the_letter))
    assert real <= mime.estimated_size([size], rows) <= real * 1.05 + 40_000


def test_a_mail_is_ready_for_many_threads():
    """Composing shares nothing that changes: as many threads, the same bytes."""
    prepared = mime.prepare(frame())
    letters = [letter(message_id=f"{number}@e.example.co") for number in range(200)]
    one_by_one = [mime.compose(prepared, each).message for each in letters]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda each: mime.compose(prepared, each).message, letters)) == one_by_one
