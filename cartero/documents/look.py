from dataclasses import dataclass


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
