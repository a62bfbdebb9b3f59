"""What the first person needs while Cartero holds no company: a code that proves that she runs the machine."""

import secrets

from cartero.companies.models import Company
from cartero.platform import datafolder

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is read as another
FILE = "first-run-code"


def code() -> str | None:
    """The code to be typed on the first page; None once there is a company."""
    return None if Company.objects.exists() else datafolder.secret(FILE, _made)


def _made() -> str:
    """60 bits, in three groups that can be read aloud."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
