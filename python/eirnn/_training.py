"""Training."""

import ctypes
import html
import os
import threading
from typing import Any, Callable, Dict, Optional, Union

import numpy as np

from . import _library
from ._arrays import floats, pointer, series
from ._library import AfterEpoch, Draw, Owned, Progress, call, encoded, made, text
from ._progress import bar
from ._errors import Cancelled, InvalidInput
from ._network import Network
from ._settings import nearest, put
from ._spectrum import Spectrum
from ._tasks import Task

_SOON = 0.05  # seconds that Ctrl-C waits for the update under way; a longer one ends by itself, and is waited for when its run is asked for
_last: "Union[Run, Callable[[], Optional[Run]], None]" = None


class Run:
    """A training that has ended.

    network, network_initial: after and before it; spectrum, spectrum_initial: theirs.
    losses, task_losses, gradient_norms, epoch_seconds, validation_losses, validation_accuracies: float64 [epochs].
    settings: all settings by name. Also accuracy, chance, test_loss, constant_loss, learned, stopped, epochs_run, seconds, seed,
    kernel_set, version and what else ``summary`` holds.
    """

    def __init__(self, owned: Owned) -> None:
        self.summary: Dict[str, Any] = text(owned.value, "summary")
        self.settings: Dict[str, Any] = text(owned.value, "settings")
        self._series = {name: series(owned.value, name) for name in (
            "losses", "task_losses", "gradient_norms", "epoch_seconds", "validation_losses", "validation_accuracies")}
        self.network = Network._of(made("run_network", owned.value, 0))
        self.network_initial = Network._of(made("run_network", owned.value, 1))

    @property
    def spectrum(self) -> Spectrum:
        """The spectrum after training."""
        return self.network.spectrum

    @property
    def spectrum_initial(self) -> Spectrum:
        """The spectrum of the matrix as created, before its first projection."""
        return self.network_initial.spectrum

    def __getattr__(self, name: str) -> Any:
        for known in (self.__dict__.get("_series", {}), self.__dict__.get("summary", {})):
            if name in known:
                return known[name]
        raise AttributeError(f"run: found no '{name}'{nearest(name, dir(self))}")

    def __dir__(self) -> list:
        return [*super().__dir__(), *self._series, *self.summary]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Run) and self.settings == other.settings and self.network == other.network

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        right = "" if self.accuracy is None else f", accuracy {self.accuracy:.0%}"
        learned = {True: "learned", False: "not learned", None: "cannot be judged"}[self.learned]
        return f"<Run: {self.network.units} units on {self.settings['task']}, {self.epochs_run} epochs ({self.stopped}){right}, {learned}>"

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(repr(self)[1:-1])}; test loss {self.test_loss}</p>{self.spectrum._repr_html_()}"


def train(*, task: Union[str, Task, Callable, None] = None, trials: Any = None, fresh: bool = False, step_ms: Optional[float] = None,
          start: Optional[Network] = None, resume: "Union[str, os.PathLike[str], None]" = None, seed: Optional[int] = None,
          threads: Optional[int] = None, checkpoint: "Union[str, os.PathLike[str], None]" = None,
          on_epoch: Optional[Callable[[int, float, Network], Any]] = None, progress: Optional[bool] = None, **settings: Any) -> Run:
    """Trains a network.

    task: a name (``eirnn.tasks()``), a Task, or a function task(n, seed) -> (x, y) or (x, y, mask) with x [n, T, I], y [n, T, O] and
    weights of the targets [n, T, O]. The function is called for two trials, to learn the sizes; then once, or with fresh=True for every
    update, beside the training. The same numbers must give the same trials.
    trials: their number; or trials of your own, (x, y) or (x, y, mask). step_ms: milliseconds of a timestep of your own trials, 1 unless
    said.
    start: a network to start from. resume: a folder of ``eirnn train``, or a checkpoint, that goes on with the same bits; only epochs
    may be more. checkpoint: a file that keeps the training while it runs. on_epoch(epoch, loss, network): after every epoch, with a copy of
    the network; True ends the training.
    progress: a bar; by default on a terminal and in notebooks. All other settings by name: ``eirnn.settings()``.

    Ctrl-C raises KeyboardInterrupt; ``last_interrupted()`` has the last finished epoch.
    Raises InvalidInput for what cannot be used.
    """
    own = trials if isinstance(trials, (tuple, list)) else None
    if isinstance(task, Task):
        settings = {**settings, **{f"task_options.{name}": value for name, value in task.options.items()}}
        task = task.name
    _check(task, own, step_ms, start, checkpoint, on_epoch, {name: settings.get(name) for name in ("task_file", "start_file")})
    run = made("run_create")
    put(run.value, {**settings, "task": None if callable(task) else task, "trials": None if own is not None else trials,
                    "data": "fresh" if fresh else settings.get("data"), "seed": seed, "threads": threads,
                    "checkpoint_file": None if checkpoint is None else os.path.abspath(checkpoint)})
    failures: list = []
    keep: list = []
    ended = threading.Event()
    if own is not None:
        _set_trials(run, own, step_ms or 1.0)
    elif callable(task):
        keep.append(_set_draw(run, task, step_ms or 1.0, failures, ended))
    if start is not None:
        call("set_start", run.value, start._owned.value)
    if resume is not None:
        path = os.fspath(resume)
        call("resume", run.value, encoded("resume", os.path.join(path, "checkpoint.npz") if os.path.isdir(path) else path))
    return _trained(run, on_epoch, progress, failures, ended, keep)


def _check(task: Any, own: Any, step_ms: Optional[float], start: Any, checkpoint: Any, on_epoch: Any, files: Dict[str, Any]) -> None:
    is_own = own is not None or callable(task)

    def refuse(what: str, found: str, expected: str, remedy: str) -> None:
        raise InvalidInput(f"{what}: found {found}, expected {expected}; {remedy}")

    if own is not None and task is not None:
        refuse("trials", "arrays beside a task", "one of them", "leave one out")
    if step_ms is not None and not is_own:
        refuse("step_ms", f"{step_ms} for a task that has its own", "it with trials of your own alone", "leave it out")
    if step_ms is not None and not step_ms > 0:
        refuse("step_ms", f"{step_ms}", "milliseconds above 0", "correct it")
    if start is not None and not isinstance(start, Network):
        refuse("start", f"{type(start).__name__}", "an eirnn.Network", "read a file with eirnn.Network.load, or give start_file")
    if start is not None and files["start_file"] is not None:
        refuse("start", "it beside start_file", "one of them", "leave one out")
    if on_epoch is not None and not callable(on_epoch):
        refuse("on_epoch", f"{type(on_epoch).__name__}", "a function on_epoch(epoch, loss, network)", "give a function")
    if checkpoint is not None and is_own:
        refuse("checkpoint", "it with trials of your own", "a task that a file can name",
               "write the trials with numpy.savez (arrays x, y, mask) and give task_file")
    if checkpoint is not None and start is not None:
        refuse("checkpoint", "it with start", "a network that a file can name", "save the network and give start_file")


def last_interrupted() -> Optional[Run]:
    """The last training that Ctrl-C ended, with its last finished epoch; None where there was none."""
    global _last
    if callable(_last):
        _last = _last()
    return _last


def _set_trials(run: Owned, trials: Any, step_ms: float) -> None:
    if len(trials) not in (2, 3):
        raise InvalidInput(f"trials: found {len(trials)} arrays, expected (x, y) or (x, y, mask); give these")
    x = floats("x", trials[0], (None, None, None))
    n, steps, inputs = x.shape
    y = floats("y", trials[1], (n, steps, None))
    mask = None if len(trials) == 2 or trials[2] is None else _mask(trials[2], y)
    call("set_trials", run.value, n, steps, inputs, y.shape[2], step_ms, pointer(x), pointer(y), pointer(mask))


def _mask(mask: Any, y: np.ndarray) -> np.ndarray:
    given = np.asarray(mask)
    return floats("mask", np.broadcast_to(given[..., None], y.shape) if given.shape == y.shape[:2] else given, y.shape)


def _set_draw(run: Owned, task: Callable, step_ms: float, failures: list, ended: threading.Event) -> Any:
    drawn = task(2, 0)
    if not isinstance(drawn, (tuple, list)) or len(drawn) not in (2, 3):
        raise InvalidInput(f"task: found {type(drawn).__name__} from the function, expected (x, y) or (x, y, mask); correct the function")
    x, y = (np.asarray(array) for array in drawn[:2])
    if x.ndim != 3 or y.ndim != 3 or x.shape[:2] != y.shape[:2]:
        raise InvalidInput(f"task: found x of shape {x.shape} and y of shape {y.shape}, expected (n, T, I) and (n, T, O); "
                           "correct the function")

    def draw(_: Any, trials: int, seed: int, to_x: int, to_y: int, to_mask: int) -> int:
        if ended.is_set():
            return 1
        try:
            drawn = task(trials, seed)
            for array, target, name, shape in zip(drawn, (to_x, to_y, to_mask), "xym",
                                                  ((trials, *x.shape[1:]), (trials, *y.shape[1:]), (trials, *y.shape[1:]))):
                values = _mask(array, np.empty(shape)) if name == "m" else floats(name, array, shape)
                ctypes.memmove(target, values.ctypes.data, values.nbytes)
            return 0
        except BaseException as e:  # it is raised where train was called
            failures.append(e)
            return 1

    function = Draw(draw)
    call("set_draw", run.value, x.shape[1], x.shape[2], y.shape[2], step_ms, function, None)
    return function


def _trained(run: Owned, on_epoch: Optional[Callable], progress: Optional[bool], failures: list, left: threading.Event, keep: list) -> Run:
    """Trains on a thread of its own. left: set once nobody waits for it. keep: what has to live as long as it."""
    global _last

    def after(_: Any, at: Any, network: int) -> int:
        if on_epoch is None or left.is_set():
            return 0
        try:
            kept = Network._of(made("network_copy", network))
            ends = on_epoch(at.contents.epoch, at.contents.loss, kept)
            return 1 if isinstance(ends, (bool, np.bool_)) and ends else 0
        except BaseException as e:
            failures.append(e)
            return 1

    function, ended, done = AfterEpoch(after), [], threading.Event()
    keep.append(function)

    def work() -> None:
        try:
            call("train", run.value, function, None)
        except BaseException as e:
            ended.append(e)
        finally:
            keep.clear()
            done.set()

    _library._library()
    worker = threading.Thread(target=work, name="eirnn training", daemon=True)
    shown, at = bar(progress), Progress()
    worker.start()
    try:
        is_over = False
        while not is_over:
            is_over = done.wait(0.05)  # an interrupted Thread.join takes its thread for ended (CPython 3.11)
            call("progress_of", run.value, ctypes.byref(at))
            if at.epochs > 0:
                shown.show((at.epoch - 1) * at.updates + at.update, at.epochs * at.updates, "update",
                           f"epoch {at.epoch}/{at.epochs}, loss {at.loss:.3e}", at.seconds_left)
    except KeyboardInterrupt:
        left.set()
        call("cancel", run.value)
        done.wait(_SOON)
        _last = lambda: done.wait() and _result(run) or None  # noqa: E731
        raise
    finally:
        shown.close()
    if failures:
        if isinstance(failures[0], KeyboardInterrupt):
            _last = _result(run)
        raise failures[0]
    if ended and not (isinstance(ended[0], Cancelled) and on_epoch is not None):
        raise ended[0]
    return Run(run)


def _result(run: Owned) -> Optional[Run]:
    try:
        result = Run(run)
        return result if result.epochs_run > 0 else None
    except InvalidInput:
        return None
