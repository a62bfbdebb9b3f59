"""Ends a process that gets nowhere: in a loop that holds Python, or at a database that swallows what it is asked.

What it had in hand has a lease, and whoever looks after it starts another.
"""

import asyncio
import contextlib
import faulthandler
from collections.abc import Iterator

from procrastinate.connector import BaseAsyncConnector

PATIENCE = 90.0  # seconds without a sign of life
EVERY = 5.0
ANSWER = 20.0  # seconds in which the database answers a question that costs nothing


@contextlib.contextmanager
def watching() -> Iterator[None]:
    """From here on each `alive` is one more PATIENCE to live. It is counted without Python."""
    alive()
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def alive() -> None:
    faulthandler.dump_traceback_later(PATIENCE, exit=True)


async def ask(database: BaseAsyncConnector) -> None:
    """Asks again and again, and stays alive by the answers. Raises TimeoutError when one does not come."""
    while True:
        async with asyncio.timeout(ANSWER):
            await database.execute_query_one_async("SELECT 1 AS alive")
        alive()
        await asyncio.sleep(EVERY)
