"""What every page must be in a browser: accessible, within the window, without complaints."""

from axe_playwright_python.sync_playwright import Axe

LOOKS = [(1440, "light"), (360, "dark")]


def windows(chromium, cookies):
    """A window in each look, signed in, in the company's own language."""
    for width, scheme in LOOKS:
        size = {"width": width, "height": 900 if width > 400 else 800}
        context = chromium.new_context(viewport=size, color_scheme=scheme, has_touch=width < 400, locale="es-CO")
        context.set_default_timeout(10_000)
        context.add_cookies(cookies)
        yield context
        context.close()


def check(page, address):
    """Opens it and asserts all three."""
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    assert complaints == []
