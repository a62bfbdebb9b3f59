import pytest

from cartero.transport.replies import Kind
from cartero.transport.resolving import Unreachable, is_public, resolve

PRIVATE = [
    *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1"),  # noqa: S104  nobody listens
    *("169.254.169.254", "100.64.0.1", "100.100.100.200", "224.0.0.1", "255.255.255.255", "240.0.0.1"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "fc00::1", "ff02::1"),
    # An IPv4 address inside an IPv6 one.
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_refused(address: str) -> None:
    assert not is_public(address)
    found = resolve("mail.example.co", 587, private_allowed=False, lookup=lambda _host, _port: [address])
    assert found == Unreachable(Kind.FORBIDDEN)
    assert resolve("mail.example.co", 587, private_allowed=True, lookup=lambda _host, _port: [address]) == [address]


@pytest.mark.parametrize("address", ["1.1.1.1", "142.250.0.108", "2607:f8b0::6c", "::ffff:1.1.1.1"])
def test_a_public_address_is_used(address: str) -> None:
    found = resolve("mail.example.co", 465, private_allowed=False, lookup=lambda _host, _port: [address])
    assert found == [address]


def test_the_public_ones_of_several_are_used() -> None:
    found = resolve("x.example.co", 25, private_allowed=False, lookup=lambda _host, _port: ["10.0.0.1", "1.1.1.1"])
    assert found == ["1.1.1.1"]


@pytest.mark.parametrize("port", [0, 22, 80, 143, 443, 6379])
def test_other_ports_are_refused_before_anyone_is_asked(port: int) -> None:
    def never(_host: str, _port: int) -> list[str]:
        raise AssertionError("asked")

    assert resolve("mail.example.co", port, private_allowed=False, lookup=never) == Unreachable(Kind.FORBIDDEN)


def test_a_name_that_is_nowhere() -> None:
    def nowhere(_host: str, _port: int) -> list[str]:
        raise OSError

    assert resolve("mail.example.co", 587, private_allowed=False, lookup=nowhere) == Unreachable(Kind.UNRESOLVED)


@pytest.mark.parametrize("written", ["127.1", "2130706433", "0x7f.1", "localhost"])
def test_other_ways_to_write_loopback(written: str) -> None:
    assert resolve(written, 587, private_allowed=False) == Unreachable(Kind.FORBIDDEN)
