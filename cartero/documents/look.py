from collections.abc import Iterable
from dataclasses import dataclass

from cartero.platform import formats


@dataclass(frozen=True, kw_only=True)
class Look:
    """The company as its documents show it, where the document itself says nothing.

    `color` is `#rrggbb`, `logo` the bytes of a PNG, empty when there is none; `country` is a code of `countries`.
    """

    legal_name: str
    tax_id: str
    check_digit: str = ""
    trade_name: str = ""
    address: str = ""
    city: str = ""
    phone: str = ""
    email: str = ""
    color: str = "#2548b0"
    logo: bytes = b""
    country: str = "co"

    def lines(self) -> Iterable[str]:
        """What stands below the company's name; what is not known is empty."""
        yield self.trade_name if self.trade_name != self.legal_name else ""
        yield f"NIT {formats.nit(self.tax_id, self.check_digit)}"
        yield ", ".join(filter(None, (self.address, self.city)))
        yield " · ".join(filter(None, (self.email, self.phone)))
