"""A person before a browser: where she goes, and what each page that she sees must be."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, WebError

from tests.pages import browsing

REFUSED = "status of 422"  # a form that comes back with what is to be mended


class Walk:
    """One window. What its pages complain of (console, policy, scripts) is kept in `complaints`."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.complaints: list[str] = []
        context.on("console", self._said)
        context.on("weberror", self._broke)
        self.page = context.new_page()

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def path(self) -> str:
        """Where she is, with her filters."""
        return self.page.url.removeprefix(self.address)

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=name)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def heading(self, name: str) -> Locator:
        return self.page.get_by_role("heading", name=name, exact=True)

    def framed(self) -> bytes:
        """What the frame of the page shows."""
        source = self.page.locator("iframe").get_attribute("src") or ""
        return self.page.request.get(self.address + source).body()

    def look(self, name: str) -> None:
        """The page is accessible and within its window: wide and light, then narrow and dark."""
        browsing.look(self.page, name)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and REFUSED not in message.text:
            self.complaints.append(message.text)

    def _broke(self, error: WebError) -> None:
        self.complaints.append(str(error.error))
