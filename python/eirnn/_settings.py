"""Settings by name, as the engine's table has them."""

import difflib
from functools import lru_cache
from typing import Any, Dict, Iterable, List

from ._errors import InvalidInput
from ._library import call, encoded, text

_chosen: Dict[str, str] = {}


@lru_cache(maxsize=None)
def _table() -> tuple:
    return tuple(text(0, "settings"))


def settings() -> List[Dict[str, Any]]:
    """All settings: name, kind, sentence, default, expected values, and when each has a meaning."""
    return [dict(setting) for setting in _table()]


def presets() -> List[str]:
    """Names of the presets, for ``train(preset=…)``."""
    return list(text(0, "presets"))


def info() -> Dict[str, Any]:
    """Version, kernel set, LAPACK and instruction set of the engine in this process."""
    return text(0, "info")


def use(kernels: "str | None" = None, lapack: "str | None" = None) -> None:
    """Chooses the kernel set and the LAPACK library of this process; None leaves one as it is.

    Raises InvalidInput for a set or library that is not here.
    """
    call("use", *(None if name is None else name.encode() for name in (kernels, lapack)))
    _chosen.update({key: name for key, name in (("kernels", kernels), ("lapack", lapack)) if name is not None})


def chosen() -> Dict[str, str]:
    """What ``use`` was given."""
    return dict(_chosen)


def text_of(value: Any) -> str:
    """A value of Python as the engine reads it."""
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "true" if value else "false"
    if isinstance(value, dict):
        return " ".join(f"{name}={text_of(part)}" for name, part in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(text_of(part) for part in value)
    if hasattr(value, "item") and getattr(value, "shape", None) == ():
        value = value.item()  # a NumPy scalar
    return repr(value) if isinstance(value, float) else str(value)


def put(run: int, values: Dict[str, Any]) -> None:
    """Gives settings to a run; None leaves one at its default."""
    known = [*(setting["name"] for setting in _table()), "preset", "seed", "threads", "checkpoint_file", "checkpoint_minutes"]
    for name, value in values.items():
        if value is None:
            continue
        if name not in known and not name.startswith("task_options."):
            raise InvalidInput(f"{name}: found no such setting{nearest(name, known)}; eirnn.settings() lists all")
        call("set", run, encoded("setting", name), encoded(name, text_of(value)))


def nearest(name: str, known: Iterable[str]) -> str:
    """What was perhaps meant, as the end of a sentence; empty where nothing is near."""
    near = difflib.get_close_matches(name, list(known), 3, 0.6)
    return f", expected perhaps {' or '.join(near)}" if near else ""
