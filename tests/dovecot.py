"""A real Dovecot on loopback, with a configuration of its own, as whoever runs the tests."""

import base64
import grp
import hashlib
import hmac
import json
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from imaplib import IMAP4
from pathlib import Path
from socket import create_connection, socket

from tests.waiting import wait_until

USER, PASSWORD = "facturacion@valle.example.co", "una clave con ñ"
SIGNED_WITH = b"una llave que solo tiene la autoridad"
INSTALL = "apt-get update && apt-get install -y --no-install-recommends dovecot-imapd"
PATIENCE = 20.0

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
auth_verbose = yes
auth_failure_delay = 0
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
auth_mechanisms = {mechanisms}
mail_location = maildir:{folder}/mail
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN {folder}/users
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
namespace inbox {{
  inbox = yes
  separator = /
{folders}
}}
"""
OAUTH2 = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={folder}/keys/
username_attribute = sub
"""


@dataclass
class Dovecot:
    """`folders`: those of the mailbox, with the use that each one tells, if any. `pem`: for TLS on `tls_port`."""

    folders: dict[str, str] = field(default_factory=lambda: {"Sent": "\\Sent", "Trash": "\\Trash"})
    pem: Path | None = None
    mechanisms: Sequence[str] = ("plain", "login", "xoauth2")

    def start(self) -> "Dovecot":
        program = shutil.which("dovecot") or next(iter(Path("/usr/sbin").glob("dovecot")), None)
        if program is None:
            raise FileNotFoundError(f"Falta Dovecot. Como root: {INSTALL}")
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.folder.chmod(0o755)
        with socket() as one, socket() as other:
            one.bind(("127.0.0.1", 0))
            other.bind(("127.0.0.1", 0))
            self.port, self.tls_port = one.getsockname()[1], other.getsockname()[1]
        self._configure()
        self._process = subprocess.Popen([program, "-F", "-c", self.folder / "dovecot.conf"])
        self._wait()
        return self

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)

    def keep(self, folder: str, message_id: str) -> None:
        """A mail with that Message-ID, as a provider keeps what it took over."""
        mail = f"From: <{USER}>\r\nSubject: Factura\r\nDate: {format_datetime(datetime.now(UTC))}\r\n"
        mail += f"Message-ID: {message_id}\r\n\r\nBuenos días\r\n"
        client = self._client()
        status, said = client.append(f'"{folder}"', "", "", mail.encode())  # type: ignore[arg-type]  # no date: now
        assert status == "OK", said
        client.logout()

    def create(self, *folders: str) -> None:
        client = self._client()
        for folder in folders:
            client.create(f'"{folder}"')
        client.logout()

    def put(self, folder: str, *mails: bytes) -> None:
        """As a server that takes them in would."""
        client = self._client()
        for mail in mails:
            status, said = client.append(f'"{folder}"', "", "", mail)  # type: ignore[arg-type]  # no date: now
            assert status == "OK", said
        client.logout()

    def flags(self, folder: str) -> list[str]:
        """Of each mail that is in the folder, but for the one that says it is new there."""
        client = self._client()
        _status, many = client.select(f'"{folder}"', readonly=True)
        said = client.fetch("1:*", "(FLAGS)")[1] if many != [b"0"] else []
        client.logout()
        told = [each.decode() for each in said if isinstance(each, bytes)]
        return [each[each.index("FLAGS (") + 7 : each.index(")")].replace("\\Recent", "").strip() for each in told]

    def log(self) -> str:
        return (self.folder / "log").read_text()

    @staticmethod
    def token(user: str = USER, seconds: float = 3600) -> str:
        """As an authority would sign it; Dovecot checks it."""
        now = int(time.time())
        claims = {"sub": user, "iat": now, "exp": now + int(seconds)}
        head = ".".join(_part(json.dumps(each).encode()) for each in ({"alg": "HS256", "typ": "JWT"}, claims))
        return f"{head}.{_part(hmac.digest(SIGNED_WITH, head.encode(), hashlib.sha256))}"

    def _configure(self) -> None:
        is_root = os.geteuid() == 0
        me = pwd.getpwuid(os.geteuid()).pw_name
        mails = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.geteuid())
        key = self.folder / "keys" / "default" / "HS256" / "default"
        key.parent.mkdir(parents=True)
        key.write_bytes(base64.b64encode(SIGNED_WITH))
        (self.folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        (self.folder / "oauth2.conf").write_text(OAUTH2.format(folder=self.folder))
        for name in ("mail", "home"):
            (self.folder / name).mkdir()
            os.chown(self.folder / name, mails.pw_uid, mails.pw_gid)
        text = CONFIGURATION.format(
            folder=self.folder,
            internal="dovecot" if is_root else me,
            login="dovenull" if is_root else me,
            group="dovecot" if is_root else _group(),
            ssl="yes" if self.pem else "no",
            certificate=f"ssl_cert = <{self.pem}\nssl_key = <{self.pem}" if self.pem else "",
            mechanisms=" ".join(self.mechanisms),
            port=self.port,
            tls_port=self.tls_port if self.pem else 0,
            uid=mails.pw_uid,
            gid=mails.pw_gid,
            folders="\n".join(map(_mailbox, self.folders.items())),
        )
        (self.folder / "dovecot.conf").write_text(text)

    def _client(self) -> IMAP4:
        client = IMAP4("127.0.0.1", self.port, timeout=PATIENCE)
        client.authenticate("PLAIN", lambda _challenge: f"\0{USER}\0{PASSWORD}".encode())
        return client

    def _wait(self) -> None:
        wait_until(lambda: self._process.poll() is not None or greets(self.port), PATIENCE, self.log)
        assert self._process.poll() is None, self.log()


def greets(port: int) -> bool:
    """Whether a server on loopback says its first word within a second. One that is starting may hang up."""
    try:
        with create_connection(("127.0.0.1", port), timeout=1) as probe:
            return bool(probe.recv(1))
    except OSError:
        return False


def _mailbox(folder: tuple[str, str]) -> str:
    name, use = folder
    return f'  mailbox "{name}" {{\n    auto = subscribe\n{f"    special_use = {use}" if use else ""}\n  }}'


def _group() -> str:
    return grp.getgrgid(os.getegid()).gr_name


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
