"""What comes back is of mails that went: the same company, people and mailings as where they are sent."""

from tests.mailings.conftest import account, ana, at_once, company, mailing_of, register, started
from tests.pages.conftest import static_files

__all__ = ["account", "ana", "at_once", "company", "mailing_of", "register", "started", "static_files"]
