"""The message of a mailing: what it starts from, and how a plain text becomes one."""

import re
from html import escape

from cartero.companies.models import Company
from cartero.mailings.models import MessageTemplate
from cartero.mailings.states import MailingKind

_TAG = re.compile(r"<(p|br|ul|ol|h2|h3|strong|em|a|blockquote)[\s/>]", re.IGNORECASE)

# The first templates of a company, in Spanish because its customers read them; it changes them as it likes.
FIRST = {
    MailingKind.DELIVERY: (
        "Entrega de documentos electrónicos",
        "",
        (
            "<p>Buenos días, {{ tercero.nombre }}:</p>"
            "<p>Adjuntamos el documento {{ factura.numero }} por {{ factura.total }}. En el ZIP están el XML, que"
            " es el documento legal, y su representación gráfica en PDF.</p>"
            "<p>Cordialmente,<br>{{ empresa.nombre }}</p>"
        ),
    ),
    MailingKind.COPY: (
        "Copia de documentos",
        "{{ empresa.nombre }}: {{ factura.numero }}",
        (
            "<p>Buenos días, {{ tercero.nombre }}:</p>"
            "<p>Le enviamos {{ factura.numero }}, por {{ documentos.total }}.</p>"
            "<p>Cordialmente,<br>{{ empresa.nombre }}</p>"
        ),
    ),
}


def first_templates(company: Company) -> None:
    """Gives a new company a template of each kind, unless it has some."""
    if MessageTemplate.objects.of(company).exists():
        return
    MessageTemplate.objects.bulk_create(
        MessageTemplate(company=company, kind=kind, name=name, subject=subject, message_html=html)
        for kind, (name, subject, html) in FIRST.items()
    )


def starting_from(company: Company, kind: MailingKind) -> tuple[str, str]:
    """Subject and message that a new mailing of `kind` starts from: the company's own template, else ours."""
    template = MessageTemplate.objects.of(company).filter(kind=kind).order_by("pk").first()
    if template:
        return template.subject, template.message_html
    _name, subject, html = FIRST[kind]
    return subject, html


def from_text(text: str) -> str:
    """HTML of a message written in a file: kept where it is HTML, else a paragraph for each block of lines."""
    if _TAG.search(text):
        return text
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if block.strip()]
    return "".join(f"<p>{escape(block).replace(chr(10), '<br>')}</p>" for block in blocks)
