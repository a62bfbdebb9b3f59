"""Who asks for the page behind a link: a person who presses, or a program that looks at mails before she does.

Filters of mail (Safe Links, Proofpoint, Mimecast, Barracuda …) open every link, some in a real browser, some press
every button. No list of them is whole, so nothing that only opens a page counts, and of what is pressed any sign of a
program is enough to leave it out: a view too few is better than one that never was.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address, ip_network

SOONEST = 120.0  # seconds after its server took the mail; filters look at once, people seldom
FASTEST = 2.0  # seconds from the page to the press


class Sign(StrEnum):
    """What gives a program away. Its value stands in the event of the open."""

    METHOD = "method"  # only looks whether it is there
    PREFETCH = "prefetch"  # fetched before anybody pressed
    AGENT = "agent"  # says itself that it is none
    NO_AGENT = "no agent"
    NO_LANGUAGE = "no language"  # every browser of a person says which she reads
    NO_PAGE = "no page"  # a browser that goes somewhere asks for a page
    NO_GESTURE = "no gesture"  # its browser knows that no person pressed
    ELSEWHERE = "elsewhere"  # sent from a page that is not ours
    DATA_CENTRE = "data centre"
    TOO_SOON = "too soon"
    TOO_FAST = "too fast"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A request for a link. `headers` by their names in lower case.

    `is_trustworthy`: over TLS or on this machine, where browsers of today say how a request came about (Sec-Fetch-…).
    `since_sent`: seconds since the server took the mail, None where it never said so; `since_page`: since the page was
    made whose button was pressed, None where none was. `of_image`: the pixel in the mail was asked for, and no page.
    """

    method: str
    headers: Mapping[str, str]
    address: str = ""
    is_trustworthy: bool = False
    since_sent: float | None = None
    since_page: float | None = None
    of_image: bool = False


# As they name themselves; also libraries of programs, and browsers without a window.
_AGENTS = re.compile(
    r"bot\b|crawl|spider|scan|preview|fetch|monitor|check|phantomjs|puppeteer|playwright|selenium|electron|"
    r"curl|wget|python|aiohttp|httpx|go-http|java/|okhttp|axios|node|ruby|perl|libwww|php|apache-http|winhttp|"
    r"powershell|scrapy|lighthouse|proofpoint|mimecast|barracuda|symantec|messagelabs|trend ?micro|sophos|fortinet|"
    r"forcepoint|fireeye|trellix|mcafee|kaspersky|bitdefender|eset|cisco|ironport|safelinks|microsoft office|"
    r"ms-office|outlook-ios-android|googleimageproxy|yahoomailproxy|yahoocachesystem|facebookexternalhit|whatsapp|"
    r"telegram|slack|discord|skypeuripreview|twitter|linkedin|virustotal|urlscan|censys|zgrab|netcraft|palo ?alto",
    re.I,
)
# Networks that the makers of filters publish as those of their mail services: Exchange Online Protection, Google's
# mail, Barracuda, Mimecast, Proofpoint. Nobody sits in them with a browser.
_CENTRES = tuple(
    ip_network(network)
    for network in (
        "40.92.0.0/15", "40.107.0.0/16", "52.100.0.0/14", "104.47.0.0/17", "66.102.0.0/20", "66.249.64.0/19",
        "64.233.160.0/19", "72.14.192.0/18", "74.125.0.0/16", "209.85.128.0/17", "64.235.144.0/20", "209.222.80.0/21",
        "205.139.110.0/23", "207.211.30.0/23", "67.231.144.0/20", "148.163.128.0/19", "2a01:111:f400::/48",
        "2a01:111:f403::/48",
    )
)  # fmt: skip
_HAS_NO_WINDOW = re.compile(r"headless", re.I)  # what its scripts press is no gesture
_TELLS_GESTURES = re.compile(r"(chrome|firefox)/\d", re.I)  # browsers that send Sec-Fetch-User with every press


def is_press_of_a_person(visit: Visit) -> bool:
    """Whether somebody pressed a button of ours, with nothing that speaks of a program."""
    return visit.method == "POST" and visit.since_page is not None and not signs(visit)


def signs(visit: Visit) -> tuple[Sign, ...]:
    """What speaks of a program, in the order of Sign; none of an open does not make it a person's."""
    return tuple(_signs(visit))


def _signs(visit: Visit) -> Iterator[Sign]:
    headers, agent = visit.headers, visit.headers.get("user-agent", "")
    if visit.method not in {"GET", "POST"}:
        yield Sign.METHOD
    if _is_ahead(headers):
        yield Sign.PREFETCH
    if _AGENTS.search(agent) or (_HAS_NO_WINDOW.search(agent) and not _is_gesture(headers)):
        yield Sign.AGENT
    if not agent:
        yield Sign.NO_AGENT
    if not headers.get("accept-language", "").strip(" *"):
        yield Sign.NO_LANGUAGE
    if not visit.of_image and "text/html" not in headers.get("accept", ""):
        yield Sign.NO_PAGE
    if visit.method == "POST":
        yield from _of_a_press(visit, agent)
    if _in_a_centre(visit.address):
        yield Sign.DATA_CENTRE
    if visit.since_sent is not None and visit.since_sent < SOONEST:
        yield Sign.TOO_SOON
    if visit.since_page is not None and visit.since_page < FASTEST:
        yield Sign.TOO_FAST


def _is_ahead(headers: Mapping[str, str]) -> bool:
    said = (headers.get(name, "") for name in ("purpose", "sec-purpose", "x-purpose", "x-moz"))
    return any(re.search(r"prefetch|preview|prerender", each, re.I) for each in said)


def _of_a_press(visit: Visit, agent: str) -> Iterator[Sign]:
    headers = visit.headers
    tells = visit.is_trustworthy or "sec-fetch-mode" in headers
    if tells and _TELLS_GESTURES.search(agent) and not _is_gesture(headers):
        yield Sign.NO_GESTURE
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        yield Sign.ELSEWHERE


def _is_gesture(headers: Mapping[str, str]) -> bool:
    return headers.get("sec-fetch-user") == "?1"


def _in_a_centre(address: str) -> bool:
    try:
        asked = ip_address(address)
    except ValueError:
        return False
    return any(asked in network for network in _CENTRES)
