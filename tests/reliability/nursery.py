"""A process that has loaded Cartero and gives birth to workers, so that each is there in an instant.

Reads one JSON object a line: `{"orders": {…}, "environment": {…}}`; answers the number of the new process. It forks
before anything is rendered or any connection is open, as must be.
"""

import json
import os
import signal
import sys
import threading

from cartero.cli import starting


def main() -> None:
    starting.load_django()
    from cartero.cli import worker
    from cartero.platform import queue
    from tests.reliability import faults

    queue.load()
    for line in sys.stdin:
        wanted = json.loads(line)
        child = os.fork()
        if child == 0:
            os.setsid()
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            log = os.open(
                os.path.join(os.environ["CARTERO_HOME"], "workers.log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND
            )
            os.dup2(log, 1)
            os.dup2(log, 2)
            faults.go_to(wanted)
            faults.install(wanted)
            try:
                worker.worker()
            finally:
                sys.stderr.flush()
                os._exit(0) if threading.active_count() == 1 else sys.exit(0)
        threading.Thread(target=os.waitpid, args=(child, 0), daemon=True).start()
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
