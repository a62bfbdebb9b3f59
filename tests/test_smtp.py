import json
import subprocess
import sys
from pathlib import Path

from tests.smtp import SmtpServer
from tests.transport.conftest import connected

MESSAGE = b"Message-ID: <1@example.co>\r\n\r\nHola\r\n"


def test_as_a_process_it_says_its_port_and_logs_what_it_keeps(tmp_path: Path) -> None:
    log, script = tmp_path / "mails.jsonl", tmp_path / "script.json"
    script.write_text(json.dumps([{"stage": "rcpt", "code": 550, "text": "5.1.1 no", "when": "bruno@example.co"}]))
    command = [sys.executable, "-m", "tests.smtp", "--port", "0", "--log", str(log), "--script", str(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        connection = connected(SmtpServer(port=int(process.stdout.readline())))
        connection.transmit("facturas@example.co", ["ana@example.co", "bruno@example.co"], MESSAGE)
        logged = json.loads(log.read_text())  # written before the answer, so it is there by now
        process.terminate()
    assert (logged["recipients"], logged["message_id"]) == (["ana@example.co"], "<1@example.co>")
    assert set(logged) == {"time", "message_id", "sender", "recipients", "sha256", "size"}
