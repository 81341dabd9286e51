"""A progress bar: tqdm where it is installed, else one line of text; none where nobody looks."""

import sys
from typing import Any, Optional


def _is_watched() -> bool:
    return sys.stderr is not None and sys.stderr.isatty() or "ipykernel" in sys.modules


class _None:
    def show(self, done: int, total: int, unit: str, words: str, seconds_left: Optional[float]) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class _Text:
    def __init__(self) -> None:
        self._last = ""

    def show(self, done: int, total: int, unit: str, words: str, seconds_left: Optional[float]) -> None:
        left = "" if seconds_left is None else f"  left {seconds_left:.0f} s"
        line = f"{unit} {done}/{total}  {words}{left}"
        if line != self._last:
            sys.stderr.write("\r" + line.ljust(len(self._last)))
            sys.stderr.flush()
            self._last = line

    def close(self) -> None:
        if self._last:
            sys.stderr.write("\n")


class _Tqdm:
    def __init__(self, tqdm: Any) -> None:
        self._tqdm: Any = tqdm
        self._bar: Any = None

    def show(self, done: int, total: int, unit: str, words: str, seconds_left: Optional[float]) -> None:
        if self._bar is None:
            self._bar = self._tqdm(total=total, unit=unit)
        self._bar.update(done - self._bar.n)
        self._bar.set_postfix_str(words, refresh=False)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def bar(progress: Optional[bool]) -> Any:
    if progress is False or progress is None and not _is_watched():
        return _None()
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return _Text()
    return _Tqdm(tqdm)
