"""What somebody writes in an afternoon: a loop over smtplib, one connection kept. One of the two processes of a run."""

import argparse
import json
import smtplib
import sys
import time
from pathlib import Path

from benchmarks.peers import work


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--manifest", type=Path, required=True)
    arguments.add_argument("--files", type=Path, required=True)
    for name in ("port", "first", "count"):
        arguments.add_argument(f"--{name}", type=int, required=True)
    arguments.add_argument("--weasy", action="store_true")
    asked = arguments.parse_args()
    rows = list(work.rows(asked.manifest, asked.first, asked.count))
    if asked.weasy:
        work.drawn(rows[0], b"<a/>")  # fonts are found once
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.process_time()
    with smtplib.SMTP("127.0.0.1", asked.port) as server:
        for row in rows:
            server.send_message(work.message(row, work.archive(row, asked.files, weasy=asked.weasy)))
    print(json.dumps({"done": len(rows), "cpu": time.process_time() - began}), flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main()
