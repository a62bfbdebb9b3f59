"""A person at a machine of Cartero, as a process: reads what to do, one JSON list a line, and answers in JSON."""

import json
import sys
from typing import Any

from cartero.cli import starting


def main() -> None:
    starting.load_django()
    from django.db import OperationalError, connection

    from tests.reliability import acts

    for line in sys.stdin:
        name, *arguments = json.loads(line)
        try:
            answer: dict[str, Any] = {"is": getattr(acts, name)(*arguments)}
        except OperationalError as error:
            answer = {"away": str(error)}
            connection.close()
        sys.stdout.write(json.dumps(answer, default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
