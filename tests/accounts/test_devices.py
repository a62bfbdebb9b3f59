import pytest

from cartero.accounts import devices

AGENTS = [
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36", "Chrome, Windows"),
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0", "Edge, Windows"),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18 Safari/605", "Safari, macOS"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/141.0 Mobile Safari/604.1", "Chrome, iPhone"),
    ("Mozilla/5.0 (Linux; Android 15; SM-S921) SamsungBrowser/27 Chrome/125 Safari/537", "Samsung Internet, Android"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
    ("curl/8.5.0", ""),
    ("", ""),
]


@pytest.mark.parametrize(("agent", "name"), AGENTS)
def test_a_browser_is_named(agent, name):
    assert devices.named(agent) == name


@pytest.mark.parametrize(
    ("address", "network"), [("190.24.57.18", "190.24.57.…"), ("2800:e2:1180:2c00:a::18", "2800:e2:1180:…")]
)
def test_an_address_is_shortened(address, network):
    assert devices.network(address) == network
