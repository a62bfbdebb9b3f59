"""Requests to servers on the web, and exact knowledge of how far each has come.

Resolved once: the address that was checked is the address that is asked. No redirects, no proxies of the environment.
"""

import ssl
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from cartero.transport import certificates
from cartero.transport.line import EndedError, open_socket
from cartero.transport.replies import Broken, Kind, Stage
from cartero.transport.resolving import Lookup, Unreachable, addresses_of, resolve

WEB_PORTS = frozenset({443})
CONNECT = 10.0  # seconds


class Session(requests.Session):
    """Used by one thread at a time. Every failure of the network is an EndedError.

    Its Broken says with `wrote_dot` that the whole of a request may be in the server's hands.
    """

    def __init__(self, *, private_allowed: bool = False, lookup: Lookup = addresses_of) -> None:
        super().__init__()
        self.trust_env = False
        self.has_asked = False
        self.private_allowed = private_allowed
        self.lookup = lookup
        adapter = _Adapter(self)
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """As that of requests. Raises EndedError."""
        self.has_asked = False
        kwargs["allow_redirects"] = False
        try:
            return super().request(method, url, *args, **kwargs)
        except requests.RequestException as error:
            kind = Kind.TIMEOUT if isinstance(error, requests.Timeout) else Kind.RESET
            stage = Stage.END if self.has_asked else Stage.BODY
            raise EndedError(Broken(stage=stage, kind=kind, wrote_dot=self.has_asked)) from error


class _Adapter(HTTPAdapter):
    def __init__(self, session: Session) -> None:
        self._owner = session
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=certificates.verifying())  # the system's authorities, too
        owner = self._owner
        plain = type("_PlainPool", (HTTPConnectionPool,), {"ConnectionCls": _of(_Plain, owner)})
        secure = type("_SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": _of(_Secure, owner)})
        self.poolmanager.pool_classes_by_scheme = {"http": plain, "https": secure}


class _Plain(HTTPConnection):
    owner: Session

    def _new_conn(self) -> Any:
        owner = self.owner
        port = self.port or self.default_port
        if isinstance(self, HTTPSConnection) or owner.private_allowed:
            found = resolve(
                self.host, port, private_allowed=owner.private_allowed, ports=WEB_PORTS, lookup=owner.lookup
            )
        else:
            found = Unreachable(Kind.FORBIDDEN)  # never in clear, but where the operator says so
        if isinstance(found, Unreachable):
            raise EndedError(Broken(stage=Stage.CONNECT, kind=found.kind))
        seconds = self.timeout if isinstance(self.timeout, int | float) else CONNECT
        opened = open_socket(found, port, seconds)
        opened.settimeout(seconds)  # of what was left, which is for writing now
        return opened

    def request(self, *args: Any, **kwargs: Any) -> None:
        super().request(*args, **kwargs)
        self.owner.has_asked = True  # urllib3 forgives a line that broke before, and reads on


class _Secure(_Plain, HTTPSConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except ssl.SSLError as error:
            raise EndedError(Broken(stage=Stage.TLS, kind=certificates.kind_of(error))) from error
        except OSError as error:
            raise EndedError(Broken(stage=Stage.TLS, kind=Kind.TLS)) from error


def _of(connection: type[_Plain], owner: Session) -> type[_Plain]:
    return type(connection.__name__, (connection,), {"owner": owner})
