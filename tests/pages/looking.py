"""Pages in Chromium, wide and light, narrow and dark: accessible, nothing cut off, nothing blocked by the browser."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

LOOKS = [(1440, 900, "light"), (360, 800, "dark")]
PICTURES = os.environ.get("CARTERO_PICTURES")  # a folder, to look at what was tested


def look_at(chromium, server, cookies, pages):
    """Opens each address of `pages` (a name for its picture, an address); asserts on what is found in all of them."""
    found = {}
    for width, height, scheme in LOOKS:
        size = {"width": width, "height": height}
        context = chromium.new_context(viewport=size, color_scheme=scheme, locale="es-CO", has_touch=width < 400)
        context.set_default_timeout(15_000)
        context.add_cookies(cookies)
        for name, address in pages.items():
            wrong = _troubles(context, server + address, f"{name}-{width}-{scheme}.png")
            if wrong:
                found[f"{name} {width}"] = wrong
        context.close()
    assert not found, found


def _troubles(context, address, picture):
    page = context.new_page()
    troubles = []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    answer = page.goto(address)
    if answer.status != 200:
        troubles.append(answer.status)
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / picture, full_page=True)
    axe = Axe().run(page)
    troubles += [(each["id"], each["nodes"][0]["html"][:200]) for each in axe.response["violations"]]
    if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
        troubles.append("sideways")
    page.close()
    return troubles
