"""A server's name to the addresses we may connect to. Resolved once: the address checked is the address used."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from cartero.transport.replies import Kind

MAIL_PORTS = frozenset({25, 465, 587, 2525})

# Its last 32 bits are an IPv4 address that a gateway would connect to on our behalf.
_NAT64 = ip_network("64:ff9b::/96")

Lookup = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Unreachable:
    kind: Kind


def addresses_of(host: str, port: int) -> list[str]:
    """What the system's resolver says. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def resolve(
    host: str, port: int, *, private_allowed: bool, ports: frozenset[int] = MAIL_PORTS, lookup: Lookup = addresses_of
) -> list[str] | Unreachable:
    """Where `host` may be reached: public addresses and known ports alone, unless `private_allowed`."""
    if not private_allowed and port not in ports:
        return Unreachable(Kind.FORBIDDEN)
    try:
        found = lookup(host, port)
    except (OSError, UnicodeError):  # a label that IDNA refuses, too
        return Unreachable(Kind.UNRESOLVED)
    allowed = [address for address in found if private_allowed or is_public(address)]
    if found and not allowed:
        return Unreachable(Kind.FORBIDDEN)
    return allowed or Unreachable(Kind.UNRESOLVED)


def is_public(address: str) -> bool:
    """Whether an address is out on the internet: not loopback, private, link-local (metadata), multicast, reserved."""
    ip = ip_address(address.partition("%")[0])
    inner = _inner(ip) if isinstance(ip, IPv6Address) else None
    if inner is not None:
        return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _inner(ip: IPv6Address) -> IPv4Address | None:
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
