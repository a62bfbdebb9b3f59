"""Ways to log in to a mail server (RFC 4954). A way more is a row of MECHANISMS more."""

import base64
from collections.abc import Callable, Mapping

from cartero.transport.replies import Broken, Kind, Reply, Stage

Ask = Callable[[bytes], Reply]
Mechanism = Callable[[str, str, Ask], Reply]


def log_in(username: str, password: str, offered: frozenset[str], ask: Ask) -> Reply | Broken:
    """One try by the first mechanism that both know. Never a second with the same password: accounts get locked."""
    for name, mechanism in MECHANISMS.items():
        if name in offered:
            reply = mechanism(username, password, ask)
            return _without_secrets(reply, (password, _encoded(password), _encoded(f"\0{username}\0{password}")))
    return Broken(stage=Stage.AUTH, kind=Kind.NO_MECHANISM)


def _plain(username: str, password: str, ask: Ask) -> Reply:
    """RFC 4616."""
    secret = _encoded(f"\0{username}\0{password}")
    reply = ask(f"AUTH PLAIN {secret}".encode())
    return ask(secret.encode()) if reply.code == 334 else reply


def _login(username: str, password: str, ask: Ask) -> Reply:
    reply = ask(b"AUTH LOGIN")
    for answer in (username, password):
        if reply.code != 334:
            return reply
        reply = ask(_encoded(answer).encode())
    return reply


MECHANISMS: Mapping[str, Mechanism] = {"PLAIN": _plain, "LOGIN": _login}


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _without_secrets(reply: Reply, secrets: tuple[str, ...]) -> Reply:
    """Some servers repeat what they refuse; their words are shown and kept."""
    text = reply.text
    for secret in filter(None, secrets):
        text = text.replace(secret, "***")
    return Reply(stage=reply.stage, code=reply.code, text=text)
