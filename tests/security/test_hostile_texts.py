"""Strings that want to be more than text, in every field of the world and on every page, file and mail."""

import re
import zipfile
from email import message_from_bytes
from io import BytesIO

import lxml.html
import pypdf
import pytest
from django.apps import apps
from django.db import connection, models

from cartero.companies.roles import Role
from cartero.invoices.models import Invoice, InvoiceContent
from cartero.mailings import trial
from cartero.mailings.states import MailingStatus
from tests.security.crawling import addresses

TEXTS = {
    "markup": "\"'></title></textarea><xss-probe onx=1><img src=x onerror=alert(1)><script>alert(2)</script>",
    "attribute": "x\" onmouseover=alert(1) autofocus onfocus='alert(2)' style=x:y a=`",
    "template": "{{ 7*191 }}{% debug %}{{ settings.SECRET_KEY }}${7*191}{0.__class__}",
    "formula": '=HYPERLINK("http://elsewhere.example.com";"x")',
    "typst": '#read("/etc/passwd") $ x $ *_`[#panic()]@a <b> \\ //',
    "header": "A\r\nBcc: otro@example.com\r\n\r\n=?utf-8?q?=0ABcc:_x?=",
    "mirrored": "fac\u202etxt.exe\u2066\u200f",
    "sql": "'; DROP TABLE invoices_invoice; -- %s %(x)s",
    "address": "javascript:alert(1)//",
}
# Fields that are not free text: what writes them checks their form, or only we write them.
NOT_TEXT = re.compile(
    r"password|sha256|uuid|email|_address$|^to$|host|timezone|color|country|currency|folder|search_key|message_id|token|"
    r"tax_id|check_digit|media_type|last_login|code$|reason$|_reason$|kind$|id_type|proposal|verb|noun|environment|"
    r"^state$|type_code|reply_to|delivery_form|message_html|^session_"
)
OURS = [model for model in apps.get_models() if model.__module__.startswith("cartero.")]
DATA = {"importmap", "application/json"}
URLS = re.compile(r"^(href|src|action|formaction|hx-(get|post|put|delete|patch)|poster|data|background)$")


def fields():
    for model in OURS:
        for field in model._meta.concrete_fields:
            is_text = type(field) in {models.CharField, models.TextField} and not field.choices
            if is_text and not NOT_TEXT.search(field.name) and not field.unique:
                yield model, field


@pytest.fixture
def fill(ours):
    """Puts a text into every field that takes one, past all that would refuse it."""

    def put(text):
        text = text.replace("\0", "")
        with connection.cursor() as cursor:
            for model, field in fields():
                if model._meta.db_table in {"companies_auditentry", "mailings_event"}:
                    continue  # never rewritten
                number = model._meta.pk.column
                own = f"{number} %% 97 || ' '" if field.name in {"number", "name"} and model is not Invoice else "''"
                own = f"{number} || ' '" if model is Invoice and field.name == "number" else own
                cursor.execute(
                    f'UPDATE {model._meta.db_table} SET "{field.column}" = left({own} || %s, %s)',  # noqa: S608  ours
                    [text, field.max_length or 1_000],
                )
            cursor.execute(
                "UPDATE importing_importline SET messages = jsonb_build_array(jsonb_build_object("
                "'level', 'refusal', 'where', %s::text, 'text', %s::text, 'remedy', %s::text))",
                [text, text, text],
            )
            cursor.execute("UPDATE importing_import SET names = jsonb_build_array(%s::text)", [text])
        for content in InvoiceContent.objects.all():
            content.data = _within(content.data, text)
            content.save(update_fields=["data"])
        return text

    return put


def _within(data, text):
    """The texts of an InvoiceData as JSON: names, descriptions, notes."""
    data = {**data, "notes": [text]}
    data["customer"] = {**data["customer"], "name": text}
    data["lines"] = [{**line, "description": text} for line in data["lines"]]
    return data


def pages(ours):
    """Every page that is HTML, in each status of a sending."""
    for address in addresses():
        if not address.is_ours or address.name.startswith("kept_mail"):
            continue
        url = address.url(ours)
        others = [each for status, each in ours.mailings.items() if status in {"sending", "finished"}]
        shown = [url, *(url.replace(f"/envios/{ours.mailing.pk}/", f"/envios/{each.pk}/") for each in others)]
        for each in dict.fromkeys(shown if address.name in {"mailing", "recipients"} else [url]):
            answer = ours.clients[Role.ADMIN].get(each)
            assert answer.status_code < 500 or address.name == "health", each  # no worker lives here
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                yield each, answer.content.decode()


def test_there_are_many_fields():
    assert len(list(fields())) > 35


@pytest.mark.parametrize("name", ["markup", "attribute", "template", "address"])
def test_it_is_shown_as_text_on_every_page(name, ours, fill):
    text = fill(TEXTS[name])
    seen = 0
    for url, page in pages(ours):
        tree = lxml.html.fromstring(page)
        seen += text[:12].strip() in tree.text_content()
        for element in tree.iter(lxml.html.etree.Element):
            assert element.tag != "xss-probe", url
            assert not (element.tag == "script" and not element.get("src") and element.get("type") not in DATA), url
            assert not (element.tag == "img" and element.get("src") == "x"), url
            for attribute, value in element.attrib.items():
                assert not attribute.startswith("on"), f"{url} {attribute}"
                assert not (attribute == "style" and "x:y" in value), url
                leads = value.strip().lower() if URLS.match(attribute) else ""
                assert not leads.startswith(("javascript:", "data:text")), url
        assert str(7 * 191) not in page, url
        assert "root:x:0" not in page, url
    assert seen > 10


def test_it_is_a_string_in_every_sheet(ours, fill):
    fill(TEXTS["formula"])
    sheets = [address for address in addresses() if "xlsx" in address.route and address.is_ours]
    assert len(sheets) >= 3
    found = 0
    for address in sheets:
        answer = ours.clients[Role.ADMIN].get(address.url(ours))
        with zipfile.ZipFile(BytesIO(b"".join(answer))) as book:
            for name in book.namelist():
                if name.startswith("xl/worksheets/"):
                    assert b"<f>" not in book.read(name), address.name
                    assert b"hyperlink" not in book.read(name).replace(b"HYPERLINK", b""), address.name
            found += b"HYPERLINK" in b"".join(book.read(name) for name in book.namelist())
    assert found >= 2


@pytest.mark.parametrize("name", ["typst", "template", "markup"])
def test_it_prints_as_it_is(name, ours, fill):
    text = fill(TEXTS[name])
    ours.invoice.files.all().delete()
    drawn = trial.pdf_alone(Invoice.objects.select_related("company", "party", "content").get(pk=ours.invoice.pk))
    printed = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(drawn.content)).pages)
    assert re.sub(r"\W", "", text)[:24] in re.sub(r"\W", "", printed)
    assert "root:x:0" not in printed
    assert str(7 * 191) not in printed


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_it_never_becomes_a_header_of_a_mail(text, ours, fill, smtp_server, settings):
    fill(text)
    settings.MAILBOX_PORT = smtp_server.port
    mailing = ours.mailings[MailingStatus.REGISTERED]
    mailing.refresh_from_db()
    delivery = mailing.deliveries.select_related("mailing__account", "mailing__company", "party").get()
    result = trial.send_test(delivery.mailing, delivery, ["ana@valle.example.co"], ours.users[Role.ADMIN])
    if not result.accepted:  # better not sent than sent as something else
        assert result.what
        assert smtp_server.messages == []
        return
    (raw,) = smtp_server.messages
    mail = message_from_bytes(raw)
    assert "Bcc" not in mail
    for header in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"):
        assert len(mail.get_all(header)) == 1, header
    assert {*mail.keys()} <= {
        "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted",
        "X-Auto-Response-Suppress", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID",
        "Content-Transfer-Encoding",
    }  # fmt: skip
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    html = next(part for part in mail.walk() if part.get_content_type() == "text/html")
    tree = lxml.html.fromstring(html.get_payload(decode=True).decode())
    assert not tree.xpath("//xss-probe | //script | //@onerror | //@onmouseover | //@onfocus")
