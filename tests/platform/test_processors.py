import os
import subprocess
import sys

import pytest

from cartero.platform import processors

KEPT = """
import os, subprocess, sys
from cartero.platform import processors
order = sorted(os.sched_getaffinity(0))
processors.keep_to(len(order) + 1)  # after the last, the first again
assert os.sched_getaffinity(0) == {order[0]}, os.sched_getaffinity(0)
assert (processors.count(), processors.threads()) == (1, 1)
child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
processors.set_free(child.pid)
assert os.sched_getaffinity(child.pid) == set(order)
child.communicate(b"\\n")
processors.set_free(child.pid)  # which is gone
"""


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="only Linux lets a process choose")
def test_a_process_keeps_to_one_and_what_it_starts_does_not():
    subprocess.run([sys.executable, "-c", KEPT], check=True)


def test_all_that_it_may_use_are_counted():
    assert 1 <= processors.count() <= (os.cpu_count() or 1)
