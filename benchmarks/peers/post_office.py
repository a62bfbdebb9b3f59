"""django-post-office at its best: batches of 500, two processes of four threads. The work as its users do it.

A mail's files are read, or drawn by WeasyPrint, and zipped when it is queued: that is part of the work, as it is for
everybody else, so queueing and sending count. Who makes the invoices queues their mails, one after another, as its
documentation shows; `--queue-by 2` is for who parts that work among two processes of his own.
"""

import argparse
import json
import multiprocessing
import os
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from benchmarks.peers import work

PROCESSES = 2


def configure(database: dict[str, str], port: int, media: str) -> None:
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": None, **database}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        EMAIL_BACKEND="post_office.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        MEDIA_ROOT=media,
        USE_TZ=True,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        POST_OFFICE={
            "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
            "BATCH_SIZE": 500,
            "THREADS_PER_PROCESS": 4,
            "LOG_LEVEL": 0,
        },
    )
    django.setup()


def queue(rows: list[dict[str, Any]], files: Path, weasy: bool) -> None:
    from django.core.files.base import ContentFile
    from post_office import mail

    for row in rows:
        fields = {"number": row["number"], "total": row["total"]}
        mail.send(
            row["email"],
            work.SENDER,
            subject=row["number"],
            message=work.TEXT.format(**fields),
            html_message=work.HTML.format(**fields),
            attachments={f"{row['number']}.zip": ContentFile(work.archive(row, files, weasy=weasy))},
        )


def queue_by(processes: int, rows: list[dict[str, Any]], files: Path, weasy: bool) -> None:
    from django.db import connections

    connections.close_all()
    parts = [
        multiprocessing.get_context("fork").Process(target=queue, args=(rows[n::processes], files, weasy))
        for n in range(processes)
    ]
    for part in parts:
        part.start()
    for part in parts:
        part.join()


def send_all() -> int:
    from django.db import connection
    from post_office import mail

    sent = 0
    while True:
        batch, failed, _requeued = mail.send_queued(processes=PROCESSES, log_level=0)
        connection.close()  # as its own command does, since it forks
        if failed:
            sys.exit(f"{failed} mails failed")
        if not batch:
            return sent
        sent += batch


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--manifest", type=Path, required=True)
    arguments.add_argument("--files", type=Path, required=True)
    arguments.add_argument("--socket", required=True)
    arguments.add_argument("--database", required=True)
    for name in ("port", "first", "count"):
        arguments.add_argument(f"--{name}", type=int, required=True)
    arguments.add_argument("--weasy", action="store_true")
    arguments.add_argument("--queue-by", type=int, default=1)
    asked = arguments.parse_args()
    database = {"NAME": asked.database, "USER": "cartero", "HOST": asked.socket}
    configure(database, asked.port, str(asked.manifest.parent / "post-office"))
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    rows = list(work.rows(asked.manifest, asked.first, asked.count))
    print("ready", flush=True)
    sys.stdin.readline()
    queue_by(asked.queue_by, rows, asked.files, asked.weasy)
    print(json.dumps({"done": send_all(), "cpu": sum(os.times()[:4])}), flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main()
