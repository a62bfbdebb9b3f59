"""A real authorization server on loopback (RFC 6749, 7636, 8628), which checks what it is told and can be told to fail.

Whoever opens its page gives leave at once; `answer` sets what its endpoints say next instead.
"""

import base64
import hashlib
import json
import threading
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT_ID, CLIENT_SECRET = "cartero-de-prueba", "secreto-del-cliente-5523"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass(kw_only=True)
class AuthorityServer:
    """`bearers` fills with mailbox and access token, so that a mail server may share it. `rotates`: refreshed once."""

    mailbox: str = "facturas@valle.example.co"
    rotates: bool = False
    seconds: float = 3600
    scope: str = ""
    bearers: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    refresh_tokens: list[str] = field(default_factory=list)
    hold: threading.Event | None = None

    def __post_init__(self) -> None:
        self.codes: dict[str, dict[str, str]] = {}
        self.given: set[str] = set()  # device codes that she has said yes to
        self.answers: list[tuple[int, str, dict[str, str]]] = []
        self.lock = threading.Lock()

    def start(self) -> "AuthorityServer":
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.show(self)

            def do_POST(self) -> None:
                server.serve(self)

            def log_message(self, *_: Any) -> None: ...

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def stop(self) -> None:
        if self.hold:
            self.hold.set()
        self._http.shutdown()
        self._http.server_close()

    def client(self) -> dict[str, str]:
        """As settings.OAUTH_CLIENTS has it."""
        return {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "authorize_url": f"{self.url}/authorize",
            "token_url": f"{self.url}/token",
            "device_url": f"{self.url}/device",
        }

    def answer(self, status: int, body: object, times: int = 1, **headers: str) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        self.answers += [(status, text, {name.replace("_", "-"): value for name, value in headers.items()})] * times

    def show(self, handler: BaseHTTPRequestHandler) -> None:
        """Its page: she is asked, says yes and is sent back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        self.counts["authorize"] += 1
        right = asked["client_id"] == CLIENT_ID and asked["response_type"] == "code" and asked["scope"]
        assert right, asked
        assert (asked["code_challenge_method"], bool(asked["state"])) == ("S256", True), asked
        code = f"codigo-{self.counts['authorize']}"
        self.codes[code] = asked
        handler.send_response(302)
        handler.send_header("Location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")
        handler.end_headers()

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
        asked = {name: values[0] for name, values in parse_qs(body).items()}
        with self.lock:
            self.counts[asked.get("grant_type", "device")] += 1
            set_ = self.answers.pop(0) if self.answers else None
            status, text, headers = set_ or (*self._reply(handler.path, asked), {})
        if self.hold:
            self.hold.wait(10)
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(text)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(text.encode())

    def _reply(self, path: str, asked: dict[str, str]) -> tuple[int, str]:
        if asked.get("client_id") != CLIENT_ID or asked.get("client_secret", CLIENT_SECRET) != CLIENT_SECRET:
            return 401, json.dumps({"error": "invalid_client", "error_description": "who are you"})
        if path == "/device":
            code = f"aparato-{self.counts['device']}"
            told = {"device_code": code, "user_code": "WDJB-MJHT", "verification_uri": f"{self.url}/aparato"}
            return 200, json.dumps(told | {"expires_in": 900, "interval": 1})
        return self._tokens(asked)

    def _tokens(self, asked: dict[str, str]) -> tuple[int, str]:
        match asked["grant_type"]:
            case "authorization_code":
                page = self.codes.pop(asked["code"], None)  # a code is good once
                digest = hashlib.sha256(asked["code_verifier"].encode()).digest()
                challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
                right = page and (page["code_challenge"], page["redirect_uri"]) == (challenge, asked["redirect_uri"])
                return self._grant() if right else _invalid()
            case "refresh_token":
                if asked["refresh_token"] not in self.refresh_tokens:
                    return _invalid()
                if self.rotates:
                    self.refresh_tokens.remove(asked["refresh_token"])
                return self._grant(again=not self.rotates)
            case grant_type:
                assert grant_type == DEVICE
                is_given = asked["device_code"] in self.given
                return self._grant() if is_given else (400, json.dumps({"error": "authorization_pending"}))

    def _grant(self, *, again: bool = False) -> tuple[int, str]:
        self.counts["granted"] += 1
        access = f"acceso-secreto-{self.counts['granted']}"
        self.bearers[self.mailbox] = access
        body: dict[str, object] = {"access_token": access, "token_type": "Bearer", "expires_in": self.seconds}
        if not again:
            self.refresh_tokens.append(f"renovacion-secreta-{self.counts['granted']}")
            body["refresh_token"] = self.refresh_tokens[-1]
        return 200, json.dumps(body | ({"scope": self.scope} if self.scope else {}))


def _invalid() -> tuple[int, str]:
    return 400, json.dumps({"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
