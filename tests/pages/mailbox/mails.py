"""A mail as Cartero sends one: both texts, a picture in the HTML, a ZIP."""

import zipfile
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO

PDF = b"%PDF-1.4 prueba"


def zipped() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("ad1.xml", "<a>año</a>")
        archive.writestr("FE1.pdf", PDF)
        archive.writestr("raro.bin", b"\0\1")
    return stream.getvalue()


def make() -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "facturas@valle.example.co", "ana@example.com", "Factura de año"
    mail["Message-ID"] = "<1@valle.example.co>"
    mail.set_content("Buenos días en texto")
    html = '<html><head><title>x</title></head><body><img src="cid:logo@valle"><a href="https://x.example.co">Ver</a>'
    mail.add_alternative(f"{html}<script>alert(1)</script></body></html>", subtype="html")
    mail.get_payload()[1].add_related(b"\x89PNG", "image", "png", cid="<logo@valle>")
    mail.add_attachment(zipped(), "application", "zip", filename="z1.zip")
    mail.add_attachment(PDF, "application", "pdf", filename="Factura año.pdf")
    return mail.as_bytes()


MAIL = make()
