"""What the guide promises, by a person in a real browser: each test goes on where the one before left off."""

import re
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tests.browser import papers
from tests.factories import PASSWORD
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db

ME = "ana.prueba@cedros.example.co"
HELD = 2.0  # seconds between the bytes of the server's answer to a mail: it comes when the test lets it


@pytest.fixture(autouse=True)
def _no_complaints(walk):
    yield
    assert walk.complaints == []


def subjects(mail_server, recipient):
    """Of the mails that `recipient` got. A long one begins on its second line."""
    kept = zip(list(mail_server.mails), list(mail_server.messages), strict=True)
    return [
        message_from_bytes(raw, policy=policy.default)["Subject"].strip()
        for mail, raw in kept
        if recipient in mail.recipients
    ]


def refuse(mail_server):
    mail_server.answer("rcpt", 550, "5.1.1 no such user", when=papers.REFUSED)
    mail_server.answer("rcpt", 552, "5.2.2 over quota", when=papers.FULL)


def test_she_signs_in(walk, world):
    walk.look("entrar")
    walk.page.get_by_label("Correo").fill(world.ana.email)
    walk.page.get_by_label("Contraseña").fill(PASSWORD)
    walk.button("Entrar").click()
    expect(walk.heading("Hola, Ana Ríos")).to_be_visible()


def test_she_imports_what_her_provider_and_her_program_gave_her(walk):
    walk.go("/importar/")
    walk.look("importar")
    zipped = {"name": "noviembre.zip", "mimeType": "application/zip", "buffer": papers.documents()}
    sheet = {"name": "cuentas.xlsx", "mimeType": "application/octet-stream", "buffer": papers.charges()}
    walk.page.get_by_label("Arrastre los archivos").set_input_files([zipped, sheet])
    walk.button("Importar").click()
    expect(walk.link("No se importó 1")).to_be_visible(timeout=60_000)
    expect(walk.link("Importado 13")).to_be_visible()
    expect(walk.page.get_by_role("row", name="CC33")).to_contain_text("Falta el total")
    walk.look("importacion")


def test_the_list_of_invoices_is_as_she_left_it(walk):
    walk.go("/facturas/")
    expect(walk.page.get_by_text("14 documentos por $ 1.768.000,00")).to_be_visible()
    walk.look("facturas")
    walk.page.get_by_role("search", name="Filtrar facturas").get_by_role("searchbox").press_sequentially("fe506")
    expect(walk.page.get_by_text("1 documento por")).to_be_visible()
    filtered = walk.path()
    walk.link("FE506").click()
    expect(walk.heading("FE506")).to_be_visible()
    assert walk.framed().startswith(b"%PDF-")
    walk.look("factura")
    walk.link("Volver a las facturas").click()
    walk.page.wait_for_url(f"**{filtered}")
    walk.link("Enviar por Email").click()
    expect(walk.heading("Envío de facturas por Email")).to_be_visible()
    walk.look("envios-ninguno")
    walk.link("Volver a la lista de facturas").click()
    walk.page.wait_for_url(f"**{filtered}")


def test_the_form_counts_while_she_types_and_refuses_what_it_does_not_know(walk):
    walk.go("/envios/registrar/")
    summary = walk.page.locator("#summary")
    expect(summary).to_contain_text("Documentos en el rango14")
    expect(summary).to_contain_text("No tiene archivo electrónico− 2")
    expect(summary).to_contain_text("Saldrán11")
    walk.page.get_by_label("Número hasta").fill("508")
    expect(summary).to_contain_text("Saldrán8")
    walk.page.get_by_label("Número hasta").fill("")
    expect(summary).to_contain_text("Saldrán11")
    walk.page.get_by_label("Nombre del envío").fill("Administración de noviembre")
    text = walk.page.get_by_role("textbox", name="Mensaje")
    text.click()
    walk.page.keyboard.press("Control+a")
    walk.page.keyboard.insert_text("Buenos días, {{ tercero.nombr }}")
    walk.button("Registrar envío").last.click()
    refusal = walk.page.get_by_role("alert").filter(has_text="No se registró")
    expect(refusal).to_contain_text("No existe «tercero.nombr» (línea 1, letra 14). ¿Quiso decir «tercero.nombre»?")
    walk.look("registrar-errores")


def test_she_registers_what_goes(walk):
    text = walk.page.get_by_role("textbox", name="Mensaje")
    text.click()
    walk.page.keyboard.press("Control+a")
    walk.page.keyboard.insert_text("Buenos días, ")
    walk.page.locator("[data-merge-bar]").get_by_role("button", name="Nombre del tercero").first.click()
    expect(text).to_have_text("Buenos días, {{ tercero.nombre }}")
    walk.look("registrar")
    walk.button("Registrar envío").last.click()
    expect(walk.page.get_by_role("status")).to_contain_text(
        "Quedó registrado el envío 1. Nada sale hasta que lo inicie."
    )
    expect(walk.page.get_by_role("radio", name="Envío 1, Administración de noviembre, Registrado")).to_be_checked()


def test_rows_that_she_ticks_become_a_sending_of_copies(walk):
    walk.go("/facturas/?q=cc3")
    walk.page.get_by_role("checkbox", name="CC31").check()
    walk.page.get_by_role("checkbox", name="CC32").check()
    expect(walk.page.get_by_text("Seleccionadas: 2, por $ 340.000,00")).to_be_visible()
    walk.button("Enviar por Email solo estas").click()
    expect(walk.page.get_by_text("2 documentos elegidos en Facturas.")).to_be_visible()
    walk.page.get_by_text("Copia o recordatorio").first.click()
    expect(walk.page.locator("#summary")).to_contain_text("Saldrán2")
    walk.page.get_by_label("Nombre del envío").fill("Cuentas de cobro")
    walk.page.get_by_label("Asunto", exact=True).last.fill("Su cuenta {{ factura.numero }}")
    walk.button("Registrar envío").last.click()
    expect(walk.page.get_by_role("radio", name="Envío 2, Cuentas de cobro, Registrado")).to_be_checked()


def test_the_window_works_by_keyboard_and_says_why_what_is_off_is_off(walk):
    walk.go("/envios/?sel=")
    walk.look("envios")
    walk.page.get_by_role("radio", name="Envío 2").focus()
    walk.page.keyboard.press("ArrowDown")
    expect(walk.heading("Envío 1")).to_be_visible()
    stop = walk.page.locator("#op-stop")
    expect(stop).to_have_attribute("aria-disabled", "true")
    expect(stop).to_contain_text("Solo mientras esté enviando.")
    expect(walk.page.locator("#op-retry")).to_contain_text("Aún no se ha enviado nada.")
    walk.page.keyboard.press("Enter")
    expect(walk.heading("Facturas del envío 1")).to_be_visible()
    walk.look("relacion")


def test_each_invoice_is_shown_with_its_mail(walk):
    walk.page.get_by_role("link", name="FE501", exact=True).click()
    assert walk.framed().startswith(b"%PDF-")
    walk.look("relacion-factura")
    walk.page.get_by_role("navigation", name="Qué ver").get_by_role("link", name="Correo", exact=True).click()
    expect(walk.page.frame_locator("iframe").get_by_text("Buenos días, Vecino 0 SAS")).to_be_visible()
    expect(walk.page.get_by_text("900373115;Conjunto Los Cedros SAS;FE501;01;")).to_be_visible()
    walk.look("relacion-correo")


def test_a_test_mail_arrives_and_changes_nothing(walk, world):
    walk.go("/envios/")
    walk.page.get_by_role("radio", name="Envío 1").check()
    walk.link("Enviar email de prueba").click()
    dialog = walk.page.get_by_role("dialog", name="Enviar email de prueba")
    dialog.get_by_label("Enviar a").fill(ME)
    walk.look("prueba")
    dialog.get_by_role("button", name="Enviar prueba").click()
    expect(dialog.get_by_role("status")).to_contain_text("fue aceptada")
    assert subjects(world.mail_server, ME) == [
        "[PRUEBA] 900373115;Conjunto Los Cedros SAS;FE501;01;Conjunto Los Cedros SAS"
    ]
    walk.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(walk.link("Enviar email de prueba")).to_be_focused()
    expect(walk.page.get_by_role("radio", name="Envío 1, Administración de noviembre, Registrado")).to_be_visible()


def test_until_the_chosen_one_is_here_the_options_of_the_other_do_nothing(walk):
    walk.page.route("**/envios/?*", lambda route: None)  # never answered
    walk.page.get_by_role("radio", name="Envío 2").check()
    expect(walk.page.locator("#options")).to_have_js_property("inert", True)
    walk.page.unroute_all()
    walk.go("/envios/?sel=")
    walk.page.get_by_role("radio", name="Envío 1").check()
    expect(walk.heading("Envío 1")).to_be_visible()


def test_an_address_is_corrected_in_its_row_and_taken_back(walk):
    walk.link("Ver listado de terceros").click()
    expect(walk.heading("Terceros del envío 1")).to_be_visible()
    row = walk.page.get_by_role("row", name="Vecino 9 SAS")
    row.get_by_role("link", name="Corregir el correo de Vecino 9 SAS").click()
    row.get_by_role("textbox").press("Escape")
    expect(row.get_by_role("textbox")).to_have_count(0)
    row.get_by_role("link", name="Corregir el correo de Vecino 9 SAS").click()
    row.get_by_role("textbox", name="Correo de Vecino 9 SAS").fill("cartera.vecino9.example.co")
    row.get_by_role("button", name="Guardar").click()
    expect(row).to_contain_text("le falta la arroba")
    walk.look("listado-corrigiendo")
    row.get_by_role("textbox").fill("cartera@vecino9.example.co")
    row.get_by_role("button", name="Guardar").click()
    expect(row).to_contain_text("cartera@vecino9.example.co")
    walk.look("listado")
    walk.button("Deshacer").click()
    expect(row).to_contain_text(papers.REFUSED)
    with walk.page.expect_download() as download:
        walk.link("Descargar XLSX").click()
    rows = CalamineWorkbook.from_path(download.value.path()).get_sheet_by_index(0).to_python()
    assert len(rows) == 1 + 14
    assert papers.REFUSED in {row[2] for row in rows}


def test_starting_asks_with_numbers_and_the_page_moves_by_itself(walk, world):
    refuse(world.mail_server)
    quick = world.mail_server.counts["end"] + 3
    world.mail_server.answer("end", 250, "2.0.0 ok, in a while", drip=HELD, when=lambda moment: moment.count > quick)
    walk.go("/envios/")
    walk.page.get_by_role("radio", name="Envío 1").check()
    walk.link("Iniciar el envío").click()
    dialog = walk.page.get_by_role("dialog", name="¿Iniciar el envío 1?")
    expect(dialog).to_contain_text("11 correos a 10 terceros")
    expect(dialog).to_contain_text("facturas@cedros.example.co")
    walk.look("confirmar")
    expect(walk.heading("¿Iniciar el envío 1?")).to_be_focused()
    dialog.get_by_role("button", name="Aceptar").click()
    expect(walk.page.get_by_text("Puede cerrar esta página.")).to_be_visible()
    expect(walk.page.locator(".running__percent")).not_to_have_text(re.compile(r"^0\s%$"), timeout=60_000)
    expect(walk.page.locator("#underway")).not_to_contain_text(re.compile(r"\b0\s%"))
    walk.look("enviando")


def test_a_lost_connection_is_said_and_mended_by_itself(walk):
    with walk.page.expect_event("requestfailed"):
        walk.context.set_offline(True)
    bar = walk.page.get_by_role("alert").filter(has_text="Se perdió la conexión con Cartero.")
    expect(bar).to_contain_text("Los envíos siguen saliendo.")
    walk.context.set_offline(False)
    expect(bar).to_be_hidden()
    with walk.page.expect_response(re.compile("/envios/1/")):
        pass
    walk.complaints.clear()  # it says so in the console too


def test_stopping_leaves_what_is_left_and_resuming_goes_on_from_there(walk, world):
    walk.button("Detener el envío").click()
    expect(walk.page.get_by_text(re.compile("Lo detuvo usted"))).to_be_visible()
    expect(walk.page.get_by_text(re.compile(r"Faltan? \d+ correos?"))).to_be_visible()
    walk.look("detenido")
    world.mail_server.forget()
    refuse(world.mail_server)
    walk.button("Reanudar el envío").click()
    expect(walk.page.get_by_text("9 de 11 correos salieron bien")).to_be_visible(timeout=60_000)
    walk.look("finalizado")
    counts = world.mail_server.count_by_recipient()
    assert {f"pagos{n}@vecino{n}.example.co": 1 + (n == 0) for n in range(8)}.items() <= counts.items()
    assert {papers.REFUSED, papers.FULL}.isdisjoint(counts)


def test_the_summary_comes_by_mail_too(walk, world):
    walk.page.reload()
    expect(walk.page.get_by_text(f"Este resumen también llegó a {world.ana.email}")).to_be_visible()
    told = "Terminó el envío 1. Enviados: 9. Fallidos: 2."
    wait_until(lambda: told in subjects(world.mail_server, world.ana.email), seconds=30)


def test_what_failed_says_why_and_what_is_mended_goes_by_itself(walk, world):
    failed = walk.page.get_by_role("row", name="El buzón no existe.")
    expect(failed).to_contain_text("Corrija la dirección en Terceros y reintente.")
    failed.get_by_role("link", name="Ver y corregir").click()
    row = walk.page.get_by_role("row", name="Vecino 9 SAS")
    expect(row).to_contain_text("El buzón no existe.")
    expect(row).to_contain_text("550 5.1.1")
    row.get_by_role("link", name="Corregir el correo de Vecino 9 SAS").click()
    row.get_by_role("textbox").fill("cartera@vecino9.example.co")
    row.get_by_role("button", name="Guardar").click()
    expect(walk.page.get_by_role("status")).to_contain_text("Correo de Vecino 9 SAS corregido.")
    wait_until(lambda: "cartera@vecino9.example.co" in world.mail_server.count_by_recipient(), seconds=30)


def test_what_failed_is_tried_again_and_nothing_else(walk, world):
    before = world.mail_server.count_by_recipient()
    world.mail_server.forget()
    walk.go("/envios/?sel=")
    walk.page.get_by_role("radio", name="Envío 1, Administración de noviembre, Finalizado").check()
    expect(walk.heading("Envío 1")).to_be_visible()
    walk.page.locator("#op-retry").click()
    expect(walk.page.get_by_text("11 de 11 correos salieron bien")).to_be_visible(timeout=60_000)
    after = world.mail_server.count_by_recipient()
    changed = {address for address in after if after[address] != before.get(address)}
    assert changed - {world.ana.email} == {papers.FULL}


def test_cancelling_asks_and_ends_it(walk, world):
    walk.go("/envios/")
    walk.page.get_by_role("radio", name="Envío 2").check()
    walk.link("Cancelar el envío").click()
    dialog = walk.page.get_by_role("dialog", name="¿Cancelar el envío 2?")
    expect(dialog).to_contain_text("2 correos no saldrán.")
    dialog.get_by_role("button", name="Aceptar").click()
    expect(walk.page.get_by_role("status")).to_contain_text("El envío 2 quedó cancelado.")
    walk.look("cancelado")
    assert "pagos@laespiga.example.co" not in world.mail_server.count_by_recipient()


def test_an_invoice_tells_what_became_of_it(walk):
    walk.go("/facturas/?q=fe501")
    walk.link("FE501").click()
    entregas = walk.page.get_by_role("region", name="Entregas")
    expect(entregas).to_contain_text("Envío 1")
    expect(entregas).to_contain_text("250")
    walk.look("factura-enviada")


def test_all_of_it_works_without_javascript(walk, world, chromium):
    context = chromium.new_context(storage_state=walk.context.storage_state(), java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{world.address}/facturas/?q=cc3")
    plain.get_by_role("checkbox", name="CC31").check()
    plain.get_by_role("button", name="Enviar por Email solo estas").click()
    plain.get_by_text("Copia o recordatorio").first.click()
    plain.get_by_role("button", name="Contar").last.click()
    expect(plain.locator("#summary")).to_contain_text("Saldrán1")
    plain.get_by_label("Nombre del envío").fill("Sin JavaScript")
    plain.get_by_label("Asunto", exact=True).last.fill("Su cuenta {{ factura.numero }}")
    plain.get_by_label("Mensaje", exact=True).fill("Buenos días, {{ tercero.nombre }}")
    plain.get_by_role("button", name="Registrar envío").last.click()
    plain.get_by_role("radio", name="Envío 1").check()
    plain.get_by_role("button", name="Ver opciones del elegido").click()
    expect(plain.get_by_role("heading", name="Envío 1", exact=True)).to_be_visible()
    plain.get_by_role("radio", name="Envío 3").check()
    plain.get_by_role("button", name="Ver opciones del elegido").click()
    plain.get_by_role("link", name="Enviar email de prueba").click()
    plain.get_by_label("Enviar a").fill(ME)
    plain.get_by_role("button", name="Enviar prueba").click()
    expect(plain.get_by_role("status").filter(has_text="fue aceptada")).to_be_visible()
    assert subjects(world.mail_server, ME)[-1] == "[PRUEBA] Su cuenta CC31"
    plain.get_by_role("link", name="Cerrar").last.click()
    plain.get_by_role("link", name="Iniciar el envío").click()
    plain.get_by_role("button", name="Aceptar").click()
    ended = plain.get_by_text("1 de 1 correo salió bien")
    for _look in range(200):
        if ended.is_visible():
            break
        plain.reload()
    expect(ended).to_be_visible()
    assert subjects(world.mail_server, "pagos@laespiga.example.co") == ["Su cuenta CC31"]
    context.close()
