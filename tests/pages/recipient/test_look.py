"""The whole walk of who receives a mail, in Chromium: on a telephone and wide, light and dark, without scripts."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from cartero.mailings import links
from cartero.mailings.models import AnswerKind, EventKind
from cartero.parties.models import AddressState
from cartero.tracking import scanners
from tests.pages import browsing
from tests.pages.browsing import NARROW, WIDE
from tests.pages.recipient.conftest import BROWSER

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [(size, scheme) for size in (NARROW, WIDE) for scheme in ("light", "dark")]
PAY = "https://pagos.example.co/?r={{ factura.numero }}&v={{ factura.saldo }}"


@pytest.fixture
def page(server, chromium, monkeypatch):
    """Luz's browser. It does not say that it has no window, and nobody waits for her to read."""
    monkeypatch.setattr(scanners, "FASTEST", 0)
    context = chromium.new_context(
        locale="es-CO", user_agent=BROWSER["User-Agent"], viewport={"width": 360, "height": 780}
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def scripts(page):
    """Whether scripts of pages run; those of the test always do."""
    session = page.context.new_cdp_session(page)
    return lambda run: session.send("Emulation.setScriptExecutionDisabled", {"value": not run})


def look(page, unfold=False):
    if unfold:
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    browsing.look(page, "", LOOKS)


def taken(page, label):
    with page.expect_download() as coming:
        page.get_by_role("button", name=label).click()
    download = coming.value
    return download.suggested_filename, download.path().read_bytes()[:5]


def test_the_whole_walk(server, page, scripts, delivery, at):
    delivery.company.pay_url = PAY
    delivery.company.save(update_fields=["pay_url"])
    scripts(run=False)
    page.goto(server + at())
    assert (
        page.get_by_role("link", name="Pagar").get_attribute("href") == "https://pagos.example.co/?r=FE101&v=119000.00"
    )
    assert not delivery.events.filter(kind=EventKind.VIEWED).exists(), "looking is no view"
    page.get_by_role("button", name="Ver el documento").click()
    shown = page.locator("iframe")
    shown.wait_for()
    assert page.request.get(server + shown.get_attribute("src")).body()[:5] == b"%PDF-"
    assert delivery.events.filter(kind=EventKind.VIEWED).exists()
    assert taken(page, "Descargar PDF") == ("FE101.pdf", b"%PDF-")
    assert taken(page, "Descargar XML") == ("fv1.xml", b"<Invo")
    assert taken(page, "Descargar todo (ZIP)")[1][:2] == b"PK"
    scripts(run=True)
    look(page, unfold=True)
    scripts(run=False)

    page.get_by_role("button", name="Recibí conforme").click()
    page.get_by_text("quedó registrado que lo recibió conforme").wait_for()
    page.get_by_text("Tengo una observación").click()
    page.get_by_label("¿Qué observa?").fill("Falta la orden de compra.")
    page.get_by_role("button", name="Enviar la observación").click()
    page.get_by_text("su observación le llega").wait_for()
    page.get_by_text("No soy yo, o ya no trabajo aquí").click()
    page.get_by_label("El correo correcto, si lo sabe").fill("pagos@example.com")
    page.get_by_role("button", name="Avisar que no es para mí").click()
    page.get_by_text("Gracias por avisar").wait_for()
    told = delivery.answers.order_by("pk").values_list("kind", "text", "proposed")
    assert list(told) == [
        (AnswerKind.CONFIRMED, "", ""),
        (AnswerKind.REMARKED, "Falta la orden de compra.", ""),
        (AnswerKind.DISOWNED, "", "pagos@example.com"),
    ]

    made = links.token(links.key_of(delivery.company), delivery.pk, links.Purpose.UNSUBSCRIBE)
    page.goto(server + reverse("unsubscribe", args=[made]))
    scripts(run=True)
    look(page)
    scripts(run=False)
    page.get_by_role("button", name="No recibir más").click()
    page.get_by_role("heading", name="Listo").wait_for()
    address = delivery.party.addresses.get()
    assert (address.state, address.proposal) == (AddressState.NOT_THEIRS, "pagos@example.com")
    assert address.unsubscribed_at
    page.goto(server + "/v/nada/")
    scripts(run=True)
    look(page)
    assert {
        urlsplit(each).netloc for each in page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    } <= {urlsplit(server).netloc}
