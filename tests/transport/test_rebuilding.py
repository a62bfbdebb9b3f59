from email import message_from_bytes
from email.mime.image import MIMEImage

import pytest

from cartero.transport import rebuilding

HEAD = (
    "From: =?utf-8?q?Valle=2C_=C3=91u=C3=B1ez?= <facturas@valle.example.co>\r\n"
    "Reply-To: respuestas@valle.example.co\r\n"
    "To: nadie@example.com\r\n"
    "Subject: =?utf-8?q?Factura_=C3=91?=\r\n"
    "Date: Wed, 01 Jul 2026 00:00:00 -0500\r\n"
    "Message-ID: <1@valle.example.co>\r\n"
    "List-Unsubscribe:\r\n <https://valle.example.co/baja>\r\n"
    "MIME-Version: 1.0\r\n"
)
PLAIN = (
    f"{HEAD}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nSG9sYQ==\r\n".encode()
)
RELATED = (
    f"{HEAD}Content-Type: multipart/mixed; boundary=m\r\n\r\n"
    "--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"
    "--a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHola\r\n"
    "--a\r\nContent-Type: multipart/related; boundary=r\r\n\r\n"
    '--r\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<img src="cid:l.1@x" alt="Valle">\r\n'
    "--r\r\nContent-Type: image/png\r\nContent-ID: <l.1@x>\r\nContent-Disposition: inline; filename=l.png\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nUE5H\r\n--r--\r\n--a--\r\n"
    "--m\r\nContent-Type: text/xml\r\nContent-Disposition: attachment; filename*=utf-8''se%C3%B1a.xml\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nPGEvPg==\r\n--m--\r\n"
).encode()


def test_headers_names_and_addresses_are_read_as_a_person_reads_them():
    mail = rebuilding.rebuild(PLAIN, ["ana@example.com"])
    assert mail.subject == "Factura Ñ"
    assert mail.from_email == '"Valle, Ñuñez" <facturas@valle.example.co>'
    assert (mail.to, mail.reply_to, mail.body) == (["ana@example.com"], ["respuestas@valle.example.co"], "Hola")
    assert mail.extra_headers == {
        "Message-ID": "<1@valle.example.co>",
        "List-Unsubscribe": "<https://valle.example.co/baja>",
    }


def test_pictures_stay_within_and_files_apart():
    mail = rebuilding.rebuild(RELATED, ["ana@example.com"])
    assert [alternative.mimetype for alternative in mail.alternatives] == ["text/html"]
    picture, file = mail.attachments
    assert isinstance(picture, MIMEImage)
    assert (picture["Content-ID"], picture.get_payload(decode=True)) == ("<l.1@x>", b"PNG")
    assert tuple(file) == ("seña.xml", "<a/>", "text/xml")


def test_where_pictures_cannot_be_they_stand_in_the_html():
    mail = rebuilding.rebuild(RELATED, ["ana@example.com"], takes_inline=False)
    assert mail.alternatives[0].content.startswith('<img src="data:image/png;base64,UE5H" alt="Valle">')
    assert len(mail.attachments) == 1


@pytest.mark.parametrize("message", [PLAIN, RELATED])
def test_its_bytes_are_those_that_were_composed(message):
    assert rebuilding.rebuild(message, ["ana@example.com"]).message().as_bytes() == message
    assert message_from_bytes(message)["To"] == "nadie@example.com"
