"""A progress bar: tqdm where it is installed, else one line of text; none where nobody looks."""

import sys
from typing import Any, Optional


def _is_watched() -> bool:
    return sys.stderr is not None and sys.stderr.isatty() or "ipykernel" in sys.modules


class _None:
    def show(self, at: Any) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class _Text:
    def __init__(self) -> None:
        self._last = ""

    def show(self, at: Any) -> None:
        if at.epochs == 0:
            return
        line = f"epoch {at.epoch}/{at.epochs}  update {at.update}/{at.updates}  loss {at.loss:.3e}  left {at.seconds_left:.0f} s"
        if line != self._last:
            sys.stderr.write("\r" + line.ljust(len(self._last)))
            sys.stderr.flush()
            self._last = line

    def close(self) -> None:
        if self._last:
            sys.stderr.write("\n")


class _Tqdm:
    def __init__(self, tqdm: Any) -> None:
        self._tqdm, self._bar = tqdm, None

    def show(self, at: Any) -> None:
        if at.epochs == 0:
            return
        if self._bar is None:
            self._bar = self._tqdm(total=at.epochs * at.updates, unit="update")
        self._bar.update((at.epoch - 1) * at.updates + at.update - self._bar.n)
        self._bar.set_postfix_str(f"epoch {at.epoch}/{at.epochs}, loss {at.loss:.3e}", refresh=False)

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
