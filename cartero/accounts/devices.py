"""A session's browser and network, in words by which its owner knows it again and that tell no more of her."""

import re
from ipaddress import ip_address, ip_network

# The first that a browser's own name for itself has: those that are built on another name that one, too.
BROWSERS = {
    "Edge": r"\bEdgA?/|\bEdgiOS/",
    "Opera": r"\bOPR/|\bOPX/",
    "Samsung Internet": r"\bSamsungBrowser/",
    "Firefox": r"\bFirefox/|\bFxiOS/",
    "Chrome": r"\bChrome/|\bCriOS/",
    "Safari": r"\bSafari/",
}
SYSTEMS = {
    "iPhone": r"\biPhone\b",
    "iPad": r"\biPad\b",
    "Android": r"\bAndroid\b",
    "Windows": r"\bWindows\b",
    "macOS": r"\bMacintosh\b",
    "ChromeOS": r"\bCrOS\b",
    "Linux": r"\bLinux\b",
}


def named(agent: str) -> str:
    """Of the header User-Agent: `Chrome, Windows`; what is not known is left out."""
    found = [
        next((name for name, sign in table.items() if re.search(sign, agent)), "") for table in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, found))


def network(address: str) -> str:
    """Without what tells one machine from its neighbours: `190.24.57.…`, `2800:e2:1180:…`."""
    ip = ip_address(address)
    whole = ip_network(f"{ip}/{24 if ip.version == 4 else 48}", strict=False).network_address
    return f"{str(whole).removesuffix('.0')}.…" if ip.version == 4 else f"{str(whole).removesuffix('::')}:…"
