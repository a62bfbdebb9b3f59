"""Ways to log in to a mail server (RFC 4954). A way more is a row more of the mechanisms for its kind of secret."""

import base64
import binascii
from collections.abc import Callable, Mapping

from cartero.transport.replies import Broken, Kind, Reply, Stage

Ask = Callable[[bytes], Reply]
Mechanism = Callable[[str, str, Ask], Reply]


def log_in(username: str, password: str, offered: frozenset[str], ask: Ask) -> Reply | Broken:
    """One try by the first mechanism that both know. Never a second with the same password: accounts get locked."""
    return _by_first(BY_PASSWORD, (username, password), offered, ask) or Broken(
        stage=Stage.AUTH, kind=Kind.NO_MECHANISM
    )


def log_in_by_token(username: str, token: str, offered: frozenset[str], ask: Ask) -> Reply | Broken:
    """With an access token, which is never said in the place of a password."""
    return _by_first(BY_TOKEN, (username, token), offered, ask) or Broken(stage=Stage.TOKEN, kind=Kind.NO_MECHANISM)


def _by_first(
    mechanisms: Mapping[str, Mechanism], who: tuple[str, str], offered: frozenset[str], ask: Ask
) -> Reply | None:
    username, secret = who
    for name, mechanism in mechanisms.items():
        if name in offered:
            forms = (secret, _encoded(secret), _encoded(f"\0{username}\0{secret}"), _bearer(username, secret))
            return _without_secrets(mechanism(username, secret, ask), forms)
    return None


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


def _xoauth2(username: str, token: str, ask: Ask) -> Reply:
    """Of Google and Microsoft. A refusal comes as a challenge in JSON, which must be answered before the 535 comes."""
    reply = ask(f"AUTH XOAUTH2 {_bearer(username, token)}".encode())
    if reply.code != 334:
        return reply
    refused = ask(b"")
    return Reply(stage=refused.stage, code=refused.code, text=f"{refused.text} {_decoded(reply.text)}".strip())


BY_PASSWORD: Mapping[str, Mechanism] = {"PLAIN": _plain, "LOGIN": _login}
BY_TOKEN: Mapping[str, Mechanism] = {"XOAUTH2": _xoauth2}


def _bearer(username: str, token: str) -> str:
    return _encoded(f"user={username}\1auth=Bearer {token}\1\1")


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _decoded(challenge: str) -> str:
    try:
        return base64.b64decode(challenge, validate=True).decode("utf-8", "replace")
    except binascii.Error:
        return challenge


def _without_secrets(reply: Reply, secrets: tuple[str, ...]) -> Reply:
    """Some servers repeat what they refuse; their words are shown and kept."""
    text = reply.text
    for secret in filter(None, secrets):
        text = text.replace(secret, "***")
    return Reply(stage=reply.stage, code=reply.code, text=text)
