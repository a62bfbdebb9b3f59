"""Where a person is in: each of her sessions is a row, and ends when that row is deleted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

# What the pages write into a session.
BEGAN, SEEN, DEVICE, NETWORK = "began", "seen", "device", "network"


class Session(AbstractBaseSession):
    """Django's own, and whose it is."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="sessions")

    @classmethod
    def get_session_store_class(cls) -> type["SessionStore"]:
        return SessionStore

    @property
    def mark(self) -> str:
        """Names it on a page: who reads it there does not learn its key, with which she could go in."""
        return salted_hmac("cartero.session", self.session_key).hexdigest()[:32]


class SessionStore(DatabaseStore):
    """Django's own store (SESSION_ENGINE), on our rows."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)  # type: ignore[attr-defined]  # of get_model_class
        return row


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A session as its owner recognizes it; empty is what nobody knows."""

    mark: str
    device: str
    network: str
    began: datetime
    seen: datetime
    is_this: bool  # the one in which she looks


def of(user: AbstractBaseUser, *, this: str | None = None) -> list[Entry]:
    """Those that let her in, the last seen first; `this` is the key of the one that asks."""
    entries = [_entry(row, data, this) for row, data in _open(user)]
    return sorted(entries, key=lambda entry: (entry.is_this, entry.seen), reverse=True)


def end(user: AbstractBaseUser, mark: str) -> bool:
    """Whether she had it."""
    keys = [row.session_key for row, _data in _open(user) if constant_time_compare(row.mark, mark)]
    return bool(Session.objects.filter(session_key__in=keys).delete()[0])


def end_all(user: AbstractBaseUser, *, but: str | None = None) -> None:
    """`but` is the key of the one that she keeps."""
    Session.objects.filter(user=user.pk).exclude(session_key=but).delete()


def forget() -> None:
    """Those that have run out; nobody would see them any more."""
    SessionStore.clear_expired()


def _open(user: AbstractBaseUser) -> list[tuple[Session, dict[str, Any]]]:
    """A changed password shuts the others, whose rows stay until they run out."""
    rows = Session.objects.filter(user=user.pk, expire_date__gt=timezone.now())
    told = [(row, row.get_decoded()) for row in rows]
    hash_now = user.get_session_auth_hash()
    return [(row, data) for row, data in told if constant_time_compare(data.get(HASH_SESSION_KEY, ""), hash_now)]


def _entry(row: Session, data: dict[str, Any], this: str | None) -> Entry:
    written = (row.expire_date - timedelta(seconds=settings.SESSION_COOKIE_AGE)).isoformat()
    return Entry(
        mark=row.mark,
        device=data.get(DEVICE, ""),
        network=data.get(NETWORK, ""),
        began=datetime.fromisoformat(data.get(BEGAN, written)),
        seen=datetime.fromisoformat(data.get(SEEN, written)),
        is_this=row.session_key == this,
    )
