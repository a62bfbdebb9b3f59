"""Where Cartero keeps its data on this machine."""

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet
from platformdirs import user_data_path


def home() -> Path:
    """The folder that CARTERO_HOME names, else the user's data folder; as root /var/lib/cartero."""
    named = os.environ.get("CARTERO_HOME")
    if named:
        return Path(named).absolute()
    return Path("/var/lib/cartero") if os.geteuid() == 0 else user_data_path("cartero")


def secret(name: str) -> str:
    """The content of the secret file `name`, made at random at its first use (0600)."""
    path = home() / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = (
            Fernet.generate_key().decode()
            if name == "encryption-keys"
            else secrets.token_urlsafe(48)
        )
        partial = path.with_suffix(f".{os.getpid()}")
        partial.touch(mode=0o600)
        partial.write_text(fresh)
        try:
            os.link(partial, path)
        except FileExistsError:
            pass
        partial.unlink()
    return path.read_text().strip()
