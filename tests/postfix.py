"""A real Postfix on loopback, with a configuration and a queue of its own: it takes every mail, and writes the bounces.

What is for DOMAIN goes into the INBOX of a Dovecot; all else to one server, whatever its name. Only root may start it.
"""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket

from tests.dovecot import Dovecot, greets
from tests.waiting import wait_until

DOMAIN = "valle.example.co"
PATIENCE = 20.0

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.{domain}
mydestination =
local_recipient_maps =
alias_maps =
mynetworks = 127.0.0.0/8
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_tls_security_level = none
smtp_tls_security_level = none
smtp_host_lookup = native
relayhost = [127.0.0.1]:{port}
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {mails}
virtual_mailbox_maps = static:mail/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
recipient_delimiter = +
notify_classes =
"""
MASTER = """
127.0.0.1:{own} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def why_not() -> str:
    """Why it cannot be started here; empty where it can."""
    if _program() is None:
        return "Falta Postfix. Como root: apt-get install -y --no-install-recommends postfix"
    return "" if os.geteuid() == 0 else "Postfix solo lo arranca root"


@dataclass
class Postfix:
    """`server`: the port of the one that takes, or refuses, what is for others."""

    dovecot: Dovecot
    server: int
    port: int = field(init=False)

    def start(self) -> "Postfix":
        self.folder = Path(tempfile.mkdtemp(prefix="postfix-"))
        self.folder.chmod(0o755)
        with socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = one.getsockname()[1]
        owner = (self.dovecot.folder / "mail").stat()
        facts = {"folder": self.folder, "domain": DOMAIN, "mails": self.dovecot.folder, "port": self.server}
        (self.folder / "etc").mkdir()
        (self.folder / "queue").mkdir()
        (self.folder / "data").mkdir()
        shutil.chown(self.folder / "data", "postfix")
        (self.folder / "etc" / "main.cf").write_text(MAIN.format(uid=owner.st_uid, gid=owner.st_gid, **facts))
        (self.folder / "etc" / "master.cf").write_text(MASTER.format(own=self.port))
        self._process = subprocess.Popen([*self._command, "start-fg"], stderr=subprocess.DEVNULL)
        self._wait()
        return self

    def stop(self) -> None:
        subprocess.run([*self._command, "stop"], check=False, capture_output=True)
        self._process.wait(PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)

    def drain(self) -> None:
        """Until all that it took, and all that it wrote of that, is where it belongs."""
        asks = [(_program() or "").replace("postfix", "postqueue"), "-c", str(self.folder / "etc"), "-p"]

        def is_empty() -> bool:
            return b"queue is empty" in subprocess.run(asks, check=True, capture_output=True).stdout

        wait_until(is_empty, PATIENCE, self.log)

    @property
    def _command(self) -> list[str]:
        return [_program() or "", "-c", str(self.folder / "etc")]

    def log(self) -> str:
        log = self.folder / "log"
        return log.read_text() if log.exists() else "Postfix did not start"

    def _wait(self) -> None:
        wait_until(lambda: self._process.poll() is not None or greets(self.port), PATIENCE, self.log)
        assert self._process.poll() is None, self.log()


def _program() -> str | None:
    return shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
