"""Tasks of the catalogue."""

import ctypes
from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from ._arrays import pointer
from ._errors import InvalidInput
from ._library import call, made, text
from ._settings import put


def tasks() -> List[Dict[str, Any]]:
    """All tasks: name, family, description, channels, steps, options, and how trials are judged."""
    return text(0, "tasks")


class Task:
    """A task with its options. inputs, outputs, steps: its sizes I, O, T."""

    def __init__(self, name: str, **options: float) -> None:
        if not isinstance(name, str):
            raise InvalidInput(f"task: found {name!r}, expected a name; eirnn.tasks() lists them")
        self.name, self.options = name, options
        self._run = made("run_create")
        put(self._run.value, {"task": name, **{f"task_options.{key}": value for key, value in options.items()}})
        sizes = [ctypes.c_int64() for _ in range(3)]
        call("task_sizes", self._run.value, *map(ctypes.byref, sizes))
        self.steps, self.inputs, self.outputs = (size.value for size in sizes)

    def draw(self, trials: int, data_seed: int = 1) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Trials: x [n, T, I], targets y [n, T, O] and the weights of the targets [n, T, O], float32. A seed gives the same bits."""
        if isinstance(trials, bool) or not hasattr(trials, "__index__") or trials < 0:
            raise InvalidInput(f"trials: found {trials!r}, expected a whole number, 0 or above; correct it")
        trials = int(trials)
        x = np.empty((trials, self.steps, self.inputs), np.float32)
        y, mask = (np.empty((trials, self.steps, self.outputs), np.float32) for _ in range(2))
        call("task_draw", self._run.value, trials, data_seed, pointer(x), pointer(y), pointer(mask))
        return x, y, mask

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Task) and (self.name, self.options) == (other.name, other.options)

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> Any:
        return _task_of, (self.name, self.options)

    def __repr__(self) -> str:
        return f"<Task {self.name}: {self.inputs} inputs, {self.outputs} outputs, {self.steps} steps>"


def _task_of(name: str, options: Dict[str, float]) -> Task:
    return Task(name, **options)


def task(name: str, **options: float) -> Task:
    """The task of that name; options by name, such as ``task("delayed-response", gap=200)``."""
    return Task(name, **options)
