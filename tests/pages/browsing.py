"""What every page must be in a browser: accessible, within its window, without complaints, in each look."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

PICTURES = os.environ.get("CARTERO_PICTURES")  # a folder, to look at what was tested
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 800}
LOOKS = [(WIDE, "light"), (NARROW, "dark")]
# No colour is in between any more; what turns for ever is not waited for.
SETTLED = """() => Promise.allSettled(
    document.getAnimations()
        .filter((each) => each.effect.getComputedTiming().endTime !== Infinity)
        .map((each) => each.finished)
)"""
AXE_IS_HERE = "typeof axe !== 'undefined'"
FIND = "axe.run({resultTypes: ['violations']})"

_axe = Axe()


@contextmanager
def window(chromium: Browser, cookies: list[Any]) -> Iterator[BrowserContext]:
    """One that is signed in, in the company's own language."""
    context = chromium.new_context(viewport=WIDE, locale="es-CO")
    context.set_default_timeout(10_000)
    context.add_cookies(cookies)
    try:
        yield context
    finally:
        context.close()


def check(page: Page, address: str, name: str = "") -> None:
    """Opens it and asserts that it is whole, and complains of nothing."""
    complaints = heard(page)
    page.goto(address)
    look(page, name)
    assert complaints == []


def heard(page: Page) -> list[str]:
    """What it will complain of from now on."""
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def look(page: Page, name: str, looks: list[tuple[dict[str, int], str]] = LOOKS) -> None:
    """Asserts it of the page as it is, which is opened once, and leaves it in the first of its looks.

    Where it has a name, pictures are taken if they are asked for.
    """
    fingers = page.context.new_cdp_session(page)

    def dress(size: dict[str, int], scheme: str) -> None:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        fingers.send("Emulation.setTouchEmulationEnabled", {"enabled": size == NARROW})

    for size, scheme in looks:
        dress(size, scheme)
        dressed = f"{size['width']}{'-dark' if scheme == 'dark' else ''}"
        assert_accessible(page, f"{page.url} {dressed}")
        if PICTURES and name:
            page.screenshot(path=Path(PICTURES) / f"{name}-{dressed}.png", caret="initial")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} {dressed}"
    dress(*looks[0])
    fingers.detach()


def assert_accessible(page: Page, what: str) -> None:
    page.evaluate(SETTLED)
    if not page.evaluate(AXE_IS_HERE):
        page.evaluate(_axe.axe_script)
    found = AxeResults(page.evaluate(FIND))
    assert not found.response["violations"], f"{what}: {found.generate_report()}"
