"""What may be shown of a key, so that two machines can tell whether they have the same one."""

from django.conf import settings

from cartero.platform import ids

LENGTH = 16  # hex digits; of keys with 256 random bits they tell nothing


def of_secret() -> str:
    return _of(settings.SECRET_KEY)


def of_keys() -> list[str]:
    """Of the encryption keys, newest first."""
    return [_of(key) for key in settings.ENCRYPTION_KEYS]


def _of(key: str) -> str:
    return ids.sha256(f"cartero {key}".encode())[:LENGTH]
