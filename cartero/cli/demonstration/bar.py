"""A bar on stderr that says what is being done. Where stderr is no terminal: a line for each quarter."""

import sys
import time

WIDTH = 24
EVERY = 0.1  # seconds between two drawings


class Bar:
    def __init__(self) -> None:
        self.words = ""
        self.quarter = -1
        self.drawn = 0.0

    def tell(self, words: str, done: int, total: int) -> None:
        """Draws it anew, on the same line as long as the words stay the same."""
        share = done / total if total else 1.0
        text = f"{words:<38.38} {self._bar(share)} {share:>5.0%}  {done}/{total}"
        if sys.stderr.isatty():
            self._draw(words, text, is_whole=done >= total)
        else:
            self._write_quarter(words, text, int(share * 4))

    def _draw(self, words: str, text: str, *, is_whole: bool) -> None:
        if words != self.words and self.words:
            sys.stderr.write("\n")
        elif not is_whole and time.monotonic() - self.drawn < EVERY:
            return
        self.words, self.drawn = words, time.monotonic()
        sys.stderr.write(f"\r{text}\x1b[K")
        sys.stderr.flush()

    def _write_quarter(self, words: str, text: str, quarter: int) -> None:
        if (words, quarter) != (self.words, self.quarter):
            self.words, self.quarter = words, quarter
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()

    def end(self) -> None:
        if sys.stderr.isatty() and self.words:
            sys.stderr.write("\n")
        self.words = ""

    @staticmethod
    def _bar(share: float) -> str:
        full = round(share * WIDTH)
        return "█" * full + "░" * (WIDTH - full)
