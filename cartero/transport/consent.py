"""Leave to send with a mailbox: asked on the authority's page or by a device code, and turned into tokens.

RFC 6749 with PKCE (RFC 7636), RFC 8628, and what RFC 9700 says of both.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cartero.platform.errors import CarteroError
from cartero.transport import granting, web
from cartero.transport.authorities import AUTHORITIES, Authority
from cartero.transport.explanations import EXPLANATIONS
from cartero.transport.granting import Answer, Denied, Device, Tokens, Waiting
from cartero.transport.line import EndedError
from cartero.transport.replies import Pause
from cartero.transport.ways import Way

READ = 15.0  # seconds
LONGEST_WAIT = 3600.0  # of what an authority may ask us to
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


class NoClient(CarteroError):
    """The operator has registered no client of this Cartero at the authority."""

    text = _("Este Cartero no está registrado con %(authority)s. Quien lo administra puede hacerlo; está en su guía.")


class NotGiven(CarteroError):
    """An authority gave no tokens for what a person has just agreed to."""

    text = _("No se conectó. %(happened)s Respuesta: %(detail)s")


@dataclass(frozen=True, kw_only=True)
class Client:
    """This Cartero, as an authority knows it. `private_allowed`: its endpoints are the operator's own word."""

    authority: Authority
    client_id: str
    client_secret: str = field(default="", repr=False)
    private_allowed: bool = False


def is_set_up(way: str) -> bool:
    return bool(settings.OAUTH_CLIENTS.get(way, {}).get("client_id"))


def client_of(way: str) -> Client:
    """Raises NoClient."""
    authority = AUTHORITIES[Way(way)]
    if not is_set_up(way):
        raise NoClient(authority=authority.name)
    known: Mapping[str, str] = settings.OAUTH_CLIENTS[way]
    own = replace(
        authority,
        authorize_url=known["authorize_url"] or authority.authorize_url,
        token_url=known["token_url"] or authority.token_url,
        device_url=known["device_url"] or authority.device_url,
    )
    return Client(
        authority=own,
        client_id=known["client_id"],
        client_secret=known["client_secret"],
        private_allowed=own != authority,
    )


def page_of(client: Client, *, redirect_uri: str, state: str, verifier: str, mailbox: str) -> str:
    """Where her browser goes: the authority's page, which asks her for leave and sends her back."""
    asked = {
        "client_id": client.client_id,
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "scope": client.authority.scopes,
        "state": state,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
        "login_hint": mailbox,
        **client.authority.asking,
    }
    return f"{client.authority.authorize_url}?{urlencode(asked)}"


def challenge(verifier: str) -> str:
    """RFC 7636, 4.2."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def exchange(client: Client, *, code: str, verifier: str, redirect_uri: str) -> Tokens | Denied:
    fields = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier, "redirect_uri": redirect_uri}
    return _without_waiting(_ask_tokens(client, fields, secrets=(code, verifier)))


def given(answer: Tokens | Denied) -> Tokens:
    """Raises NotGiven."""
    if isinstance(answer, Denied):
        raise _not_given(answer)
    return answer


def begun(answer: Device | Denied) -> Device:
    """Raises NotGiven: Google, for one, gives no leave to send mail by a device code."""
    if isinstance(answer, Denied):
        raise _not_given(answer)
    return answer


def _not_given(denied: Denied) -> NotGiven:
    return NotGiven(happened=EXPLANATIONS[denied.verdict.reason].happened, detail=denied.detail)


def refresh(client: Client, refresh_token: str) -> Tokens | Denied:
    fields = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return _without_waiting(_ask_tokens(client, fields, secrets=(refresh_token,)))


def begin_device(client: Client) -> Device | Denied:
    fields = {"client_id": client.client_id, "scope": client.authority.scopes}
    answer = _ask(client, client.authority.device_url, fields, ())
    return answer if isinstance(answer, Denied) else granting.device(answer)


def ask_device(client: Client, device: Device) -> Tokens | Waiting | Denied:
    """Whether she has given leave by now."""
    return _ask_tokens(client, {"grant_type": DEVICE_GRANT, "device_code": device.code}, secrets=(device.code,))


def _ask_tokens(client: Client, fields: Mapping[str, str], secrets: tuple[str, ...]) -> Tokens | Waiting | Denied:
    identified = {**fields, "client_id": client.client_id}
    if client.client_secret:
        identified["client_secret"] = client.client_secret
    answer = _ask(client, client.authority.token_url, identified, (*secrets, client.client_secret))
    return answer if isinstance(answer, Denied) else granting.judge(answer)


def _ask(client: Client, url: str, fields: Mapping[str, str], secrets: tuple[str, ...]) -> Answer | Denied:
    with web.Session(private_allowed=client.private_allowed) as session:
        scale = settings.SMTP_TIMEOUT_SCALE
        try:
            response = session.post(
                url, data=fields, headers={"Accept": "application/json"}, timeout=(web.CONNECT * scale, READ * scale)
            )
        except EndedError as ended:
            return Denied(verdict=Pause(reason="authority_away"), detail=ended.broken.kind.name.lower())
    try:
        body = response.json()
    except ValueError:
        body = {}
    waits = response.headers.get("Retry-After", "")
    return Answer(
        status=response.status_code,
        body=_without(body, secrets) if isinstance(body, dict) else {},
        retry_after=min(float(waits), LONGEST_WAIT) if waits.isascii() and waits.isdigit() else 0,
    )


def _without(body: dict[str, object], secrets: tuple[str, ...]) -> dict[str, object]:
    """An authority may repeat what it refuses; its words are shown and kept."""
    words = body.get("error_description")
    if not isinstance(words, str):
        return body
    for secret in filter(None, secrets):
        words = words.replace(secret, "***")
    return {**body, "error_description": words}


def _without_waiting(answer: Tokens | Waiting | Denied) -> Tokens | Denied:
    """An authority that tells us to wait for her, although nobody asked her anything, is out of its mind."""
    return Denied(verdict=Pause(reason="authority_away")) if isinstance(answer, Waiting) else answer
