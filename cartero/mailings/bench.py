"""Where mails are made: in threads, a few ahead of those that go."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic

from cartero.mailings.loading import Order
from cartero.mailings.making import Made, Unmade
from cartero.platform import processors
from cartero.platform.gathering import Gathering

Make = Callable[[Order], Made | Unmade]


class Bench:
    """Used by one thread. `ahead` mails at most are made or being made, and have not been taken."""

    def __init__(self, make: Make, ahead: int) -> None:
        self._make = make
        threads = processors.threads()
        self._ahead = max(ahead, threads)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="make")
        self._orders: deque[Order] = deque()
        self._making: dict[Future[Made | Unmade], Order] = {}
        self._made: Gathering[Future[Made | Unmade]] = Gathering()
        self._begun: dict[int, float] = {}  # when the making of a delivery began

    @property
    def is_empty(self) -> bool:
        return not (self._orders or self._making)

    @property
    def left(self) -> int:
        """How many have not been taken, made or not."""
        return len(self._orders) + len(self._making)

    def put(self, orders: Sequence[Order]) -> None:
        self._orders.extend(orders)
        self._go_on()

    def take(self, many: int, patience: float) -> list[tuple[Order, Made | Unmade | BaseException]]:
        """What is made, once that are `many`, or all, or `patience` seconds have passed.

        An error that nobody foresaw is a result too.
        """
        taken: list[tuple[Order, Made | Unmade | BaseException]] = []
        for future in self._made.take(min(many, len(self._making)), patience):
            order = self._making.pop(future, None)
            if order is None:
                continue  # cleared while it was being made
            self._begun.pop(order.delivery_id, None)
            taken.append((order, future.exception() or future.result()))
        self._go_on()
        return sorted(taken, key=lambda pair: pair[0].delivery_id)

    def overdue(self, seconds: float) -> list[int]:
        """Deliveries whose making has taken longer: a thread cannot be ended, its process can."""
        since = monotonic() - seconds
        return [key for key, begun in list(self._begun.items()) if begun < since]

    def clear(self) -> None:
        """What is not begun is dropped; what is being made is of no use any more."""
        self._orders.clear()
        for future in self._making:
            future.cancel()
        self._making.clear()
        self._begun.clear()

    def close(self) -> None:
        self.clear()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _go_on(self) -> None:
        while self._orders and len(self._making) < self._ahead:
            order = self._orders.popleft()
            future = self._threads.submit(self._work, order)
            self._making[future] = order
            future.add_done_callback(self._made.put)

    def _work(self, order: Order) -> Made | Unmade:
        self._begun[order.delivery_id] = monotonic()
        return self._make(order)
