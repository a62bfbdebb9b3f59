from collections.abc import Callable
from dataclasses import dataclass, field

from cartero.transport.granting import Denied
from cartero.transport.presets import Security
from cartero.transport.resolving import Lookup, addresses_of
from cartero.transport.ways import Way


@dataclass(frozen=True, kw_only=True)
class Timeouts:
    """Seconds, those of RFC 5321, 4.5.3.2: for connecting, for whole replies, for one write of a body."""

    connect: float = 30
    command: float = 300
    data: float = 120
    write: float = 180
    end: float = 600
    quit: float = 5

    def scaled(self, factor: float) -> "Timeouts":
        return Timeouts(**{name: seconds * factor for name, seconds in vars(self).items()})


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where and how to log in; without `username`, not at all.

    With `bearer` the login is by an access token, which it gives or says why not; it may take seconds.
    `local_name` is said in EHLO, our own address where empty. `trusted_certificate` is the SHA-256 (hexadecimal) of the
    one certificate that is believed without an authority. `private_allowed` lifts the rules on networks and ports.
    """

    host: str
    port: int
    security: Security = Security.STARTTLS
    username: str = ""
    password: str = field(default="", repr=False)
    bearer: Callable[[], str | Denied] | None = field(default=None, repr=False)
    local_name: str = ""
    trusted_certificate: str = ""
    private_allowed: bool = False
    timeouts: Timeouts = Timeouts()
    lookup: Lookup = field(default=addresses_of, repr=False)


@dataclass(frozen=True, kw_only=True)
class ApiServer:
    """A provider's API and the key for it. `url` is the operator's own, in the place of the usual one."""

    way: Way
    host: str
    key: str = field(repr=False)
    username: str = ""
    region: str = ""
    url: str = ""
    timeouts: Timeouts = Timeouts()

    @property
    def private_allowed(self) -> bool:
        return bool(self.url)
