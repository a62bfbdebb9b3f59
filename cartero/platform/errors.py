"""The root of Cartero's own errors.

CarteroError
 ├─ each part's errors.py: MailingError, ImportingError, TransportError …
 └─ each error: docstring for us, `text` for the person who reads the screen
"""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class CarteroError(Exception):
    """Something went wrong that a person can be told about."""

    text: str | Promise = _("No se pudo hacer. Vuelva a intentarlo.")

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self._for_the_log())

    def _for_the_log(self) -> str:
        docstring = (type(self).__doc__ or type(self).__name__).strip().splitlines()[0]
        facts = " ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{docstring} {facts}".strip()

    @property
    def user_text(self) -> str:
        """The sentence for the screen, in the reader's language, with the facts filled in."""
        return str(self.text) % self.facts
