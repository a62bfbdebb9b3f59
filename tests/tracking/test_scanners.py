from dataclasses import replace

import pytest

from cartero.tracking.scanners import Sign, Visit, is_press_of_a_person, signs

CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1"
PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PERSON = {"user-agent": CHROME, "accept-language": "es-CO,es;q=0.9", "accept": PAGE}
PRESSED = PERSON | {"sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate", "sec-fetch-user": "?1"}


def visit(headers, method="POST", address="190.0.2.7", sent=3600.0, page=8.0):
    return Visit(
        method=method, headers=headers, address=address, since_sent=sent, since_page=page if method == "POST" else None
    )


PEOPLE = [
    PRESSED,
    PERSON,  # over http a browser tells nothing of gestures
    PERSON
    | {
        "user-agent": SAFARI,
        "accept-language": "es-419",
        "sec-fetch-mode": "navigate",
        "sec-fetch-site": "same-origin",
    },
    PRESSED | {"sec-fetch-site": "none"},
    PRESSED | {"user-agent": CHROME.replace("Chrome/", "HeadlessChrome/")},  # seen from afar, and pressed in
    PERSON | {"user-agent": "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko"},
]


@pytest.mark.parametrize("headers", PEOPLE)
def test_a_person_presses(headers):
    assert signs(visit(headers)) == ()
    assert is_press_of_a_person(visit(headers))


def test_who_only_opens_has_pressed_nothing():
    assert signs(visit(PERSON, "GET")) == ()
    assert not is_press_of_a_person(visit(PERSON, "GET"))


def test_a_press_without_a_page_of_ours_is_none():
    assert not is_press_of_a_person(visit(PRESSED, page=None))


def test_of_a_mail_whose_server_never_said_when_it_took_it():
    assert is_press_of_a_person(visit(PRESSED, sent=None))


# What programs send that look at mails before a person does.
PROGRAMS = [
    (visit(PERSON, "HEAD"), Sign.METHOD),
    (visit({}, "HEAD"), Sign.METHOD),
    (visit(PERSON, "OPTIONS"), Sign.METHOD),
    (visit({}, "GET"), Sign.NO_AGENT),
    (visit({"user-agent": CHROME}, "GET"), Sign.NO_LANGUAGE),  # Safe Links takes the look of a browser
    (visit({"user-agent": CHROME, "accept-language": "*"}, "GET"), Sign.NO_LANGUAGE),
    (visit(PERSON | {"purpose": "prefetch"}, "GET"), Sign.PREFETCH),
    (visit(PERSON | {"sec-purpose": "prefetch;prerender"}, "GET"), Sign.PREFETCH),
    (visit(PERSON | {"x-moz": "prefetch"}, "GET"), Sign.PREFETCH),
    (visit(PERSON | {"x-purpose": "preview"}, "GET"), Sign.PREFETCH),
    *[
        (visit(PERSON | {"user-agent": agent}), Sign.AGENT)
        for agent in (
            "curl/8.5.0", "Wget/1.21", "python-requests/2.32.3", "python-httpx/0.27", "Go-http-client/2.0",
            "Java/17.0.2", "okhttp/4.12.0", "Apache-HttpClient/4.5", "node-fetch/1.0", "Scrapy/2.11",
            f"{CHROME.replace('Chrome/', 'HeadlessChrome/')}", "Mozilla/5.0 (compatible; bingbot/2.0)",
            "Barracuda Sentinel (EE)", "Mozilla/5.0 Proofpoint URL Defense", "Mimecast-Link-Scanner",
            "Microsoft Office Existence Discovery", "Mozilla/5.0 GoogleImageProxy", "YahooMailProxy; https://yahoo",
            "Slackbot-LinkExpanding 1.0", "WhatsApp/2.23.20", "facebookexternalhit/1.1", "SkypeUriPreview Preview/0.5",
            "Mozilla/5.0 (X11) PhantomJS/2.1.1", "Cisco IronPort", "Symantec.cloud", "urlscan.io",
        )
    ],
    (visit(PRESSED | {"accept": "*/*"}), Sign.NO_PAGE),
    (visit({"user-agent": CHROME, "accept-language": "es"}, "GET"), Sign.NO_PAGE),
    (replace(visit(PERSON), is_trustworthy=True), Sign.NO_GESTURE),  # a program in the clothes of a browser
    (visit(PRESSED | {"sec-fetch-user": ""}), Sign.NO_GESTURE),  # a script sent the form
    (visit(PRESSED | {"sec-fetch-site": "cross-site"}), Sign.ELSEWHERE),
    (visit(PRESSED, address="40.107.22.10"), Sign.DATA_CENTRE),
    (visit(PRESSED, address="74.125.1.1"), Sign.DATA_CENTRE),
    (visit(PRESSED, address="2a01:111:f400:7c00::1"), Sign.DATA_CENTRE),
    (visit(PRESSED, sent=2.0), Sign.TOO_SOON),
    (visit(PRESSED, sent=119.0), Sign.TOO_SOON),
    (visit(PRESSED, page=0.0), Sign.TOO_FAST),
    (visit(PRESSED, page=1.9), Sign.TOO_FAST),
]  # fmt: skip


@pytest.mark.parametrize(("seen", "sign"), PROGRAMS)
def test_a_program_gives_itself_away(seen, sign):
    assert sign in signs(seen)
    assert not is_press_of_a_person(seen)


def test_what_is_no_address_is_in_no_centre():
    assert signs(visit(PRESSED, address="")) == ()
