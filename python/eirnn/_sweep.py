"""Sweeps: many networks trained side by side, and what is recorded of them."""

import csv
import html
import io
import json
import os
import re
import subprocess
import tempfile
import threading
import warnings
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Union

import numpy as np

from . import _settings
from ._errors import Cancelled, ComputationError, InvalidInput
from ._library import beside, encoded
from ._network import Network
from ._progress import bar

_ERRORS = {2: InvalidInput, 130: Cancelled}
_SETTINGS = ("task", "units", "excitatory", "init", "gain", "balanced", "sign_mode", "activation", "alpha", "noise_rec", "density")
_RESULTS = ("accuracy", "test_loss", "learned", "spectrum_outer_radius", "spectrum_inner_radius", "spectrum_shape")


class Sweep:
    """The recorded runs of a sweep's folder, those of ``eirnn sweep`` and of shards too. It is read anew by every call."""

    def __init__(self, folder: "str | os.PathLike[str]") -> None:
        self.folder = Path(folder).absolute()  # where it is, whatever folder is the working one later

    def frame(self) -> Any:
        """One row a run: run_id, status, settings, results. A DataFrame where pandas is installed, else a dict of arrays."""
        return _framed(self._table("runs"))

    def eigenvalues(self) -> Any:
        """One row an eigenvalue: run_id, stage ("initial" or "final"), rank from 1 (largest modulus), re, im."""
        return _framed(self._table("eigenvalues"))

    def losses(self) -> Any:
        """One row an epoch: run_id, epoch from 1, loss, gradient_norm."""
        return _framed(self._table("losses"))

    def epochs(self) -> Any:
        """One row a tracked epoch (``track_spectrum`` in the plan): run_id, epoch from 0, radii, silent units, losses, accuracy."""
        return _framed(self._table("epochs"))

    def generalisation(self) -> Any:
        """One row a test on another value (``generalise`` in the plan): run_id, option, value, trained, accuracy, chance, loss."""
        return _framed(self._table("generalisation"))

    def network(self, run_id: str) -> Network:
        """The trained network of a run, by its id or the beginning of it."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "network.npz"
            file.write_bytes(_output("network", str(self.folder), str(run_id)))
            return Network.load(file)

    def _table(self, name: str) -> Dict[str, np.ndarray]:
        types, _, text = _output(name, str(self.folder)).partition(b"\n")
        rows = csv.reader(io.TextIOWrapper(io.BytesIO(text), "utf-8", newline=""))
        names = next(rows)
        columns = list(zip(*rows)) or [()] * len(names)
        kinds = json.loads(types)
        return {column: _column(kinds[column], values) for column, values in zip(names, columns)}

    def __len__(self) -> int:
        return len(self._table("runs")["run_id"])

    def __iter__(self) -> Iterator[str]:
        """The ids of the runs."""
        return iter(self._table("runs")["run_id"].tolist())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sweep) and self.folder.resolve() == other.folder.resolve()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        try:
            status = self._table("runs")["status"].tolist()
        except (InvalidInput, ComputationError, OSError):
            return f"<Sweep {self.folder}: none there now>"
        counts = ", ".join(f"{status.count(word)} {word}" for word in dict.fromkeys(["done", *status]))
        return f"<Sweep {self.folder}: {counts}>"

    def _repr_html_(self) -> str:
        title = f"<p>{html.escape(repr(self)[1:-1])}</p>"
        frame = self.frame() if "none there" not in title else None
        if not hasattr(frame, "_repr_html_"):
            return title
        varied = [name for name in _SETTINGS if name in frame and frame[name].nunique(dropna=False) > 1]
        return title + frame[["run_id", "status", *varied, "seed", *(name for name in _RESULTS if name in frame)]]._repr_html_()


def open(folder: "str | os.PathLike[str]") -> Sweep:  # noqa: A001 (eirnn.open)
    """The runs that a folder holds. Raises InvalidInput where it holds no sweep."""
    runs = Sweep(folder)
    runs._table("runs")
    return runs


def sweep(plan: "Union[Mapping[str, Any], str, os.PathLike[str]]", out: "str | os.PathLike[str]", workers: Optional[int] = None,
          threads: Optional[int] = None, keep_weights: bool = True, retry_failed: bool = False, progress: Optional[bool] = None) -> Sweep:
    """Trains the networks of a plan side by side, and records each as ``eirnn sweep`` does. The same call goes on where it stood.

    plan: settings by name, where a list is crossed with all others; "seeds": replicas; "include" and "exclude": lists of such plans.
    Analyses are keys too: "track_spectrum": 2 and "generalise": {"gap": [10, 40]}; epochs() and generalisation() have them.
    A setting that is not given is at its default, so {} trains one network of the defaults, as ``train()`` does.
    Or the path of a plan file (TOML). out: the folder. workers: networks at a time (the cores unless said). threads: of each network.
    keep_weights: False records no networks. retry_failed: runs again what failed before.

    Ctrl-C raises KeyboardInterrupt: runs under way are left within an update, and go on from there next time.
    Raises InvalidInput for a plan or folder that cannot be used.
    """
    if not isinstance(plan, (Mapping, str, os.PathLike)):
        raise InvalidInput(f"plan: found {type(plan).__name__}, expected a dict or the path of a plan; correct it")
    path = None if isinstance(plan, Mapping) else Path(plan)
    encoded("out", out)
    try:
        text = _toml(plan) if isinstance(plan, Mapping) else Path(plan).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise InvalidInput(f"{path}: found a file that cannot be read ({e}), expected a plan; name its file") from None
    order = {"plan": text, "name": "plan" if path is None else str(path), "base": str((path.parent if path else Path()).absolute()),
             "workers": workers, "threads": threads, "keep_weights": keep_weights, "retry_failed": retry_failed, **_settings.chosen()}
    program = _started("run", os.fspath(out))
    said: List[bytes] = []
    listener = threading.Thread(target=lambda: said.append(program.stderr.read()), daemon=True)  # type: ignore[union-attr]
    listener.start()
    shown, at = bar(progress), {"failed": 0, "without_analyses": 0}
    try:
        program.stdin.write(json.dumps(order).encode() + b"\n")  # type: ignore[union-attr]
        program.stdin.flush()  # type: ignore[union-attr]
        for line in program.stdout:  # type: ignore[union-attr]
            at = json.loads(line)
            finished = at["total"] - at["pending"]
            shown.show(finished, at["total"], "run", f"{at['running']} running, {at['failed']} failed", at.get("seconds_left"))
    except BrokenPipeError:
        pass  # the program has ended, and says why
    finally:
        shown.close()
        _end(program)
        listener.join()
        program.stderr.close()  # type: ignore[union-attr]
    if program.returncode != 0 and not at["failed"]:
        raise _error(program.returncode, said[0])
    if at["failed"]:
        warnings.warn(f"{at['failed']} of {at['total']} runs failed; their rows of frame() have the reason", stacklevel=2)
    if at["without_analyses"]:
        warnings.warn(f"{at['without_analyses']} recorded run(s) without the analyses asked for (track_spectrum, generalise): they are "
                      "made as a run is trained, and a recorded run is not trained again; another out makes them of all runs", stacklevel=2)
    return Sweep(out)


def _end(program: "subprocess.Popen[bytes]") -> None:
    """Ends the program: it leaves its runs when nobody writes to it any more."""
    try:
        program.stdin.close()  # type: ignore[union-attr]
    except OSError:
        pass
    with program.stdout:  # type: ignore[union-attr]
        for _ in program.stdout:  # type: ignore[union-attr]
            pass
    program.wait()


def _started(*arguments: str) -> "subprocess.Popen[bytes]":
    command, libraries = beside("eirnn-sweeps")
    environment = {**os.environ, "LD_LIBRARY_PATH": os.pathsep.join(filter(None, (libraries, os.environ.get("LD_LIBRARY_PATH"))))}
    return subprocess.Popen([*command, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env=environment, start_new_session=True)


def _output(*arguments: str) -> bytes:
    program = _started(*arguments)
    output, said = program.communicate()
    if program.returncode != 0:
        raise _error(program.returncode, said)
    return output


def _error(code: int, said: bytes) -> Exception:
    sentence = said.decode(errors="replace").strip() or f"eirnn-sweeps: found the exit code {code}, expected results; try again"
    return _ERRORS.get(code, ComputationError)(sentence)


def _framed(table: Dict[str, np.ndarray]) -> Any:
    try:
        import pandas
    except ImportError:
        return table
    return pandas.DataFrame(table)


def _column(kind: str, texts: Any) -> np.ndarray:
    """The values of a column: float64 with NaN, int64, bool, or objects with None where something is missing."""
    missing = "" in texts
    if kind == "double" or kind == "int64" and missing:
        return np.array([float(text) if text else np.nan for text in texts], np.float64)
    if kind == "int64":
        return np.array([int(text) for text in texts], np.int64)
    if kind == "boolean":
        return np.array([None if text == "" else text == "true" for text in texts], object if missing else bool)
    # Texts that a spreadsheet would take for a formula have an apostrophe in front.
    return np.array([text[1:] if text[:1] == "'" and text[1:2] in "=+-@\t\r" else text or None for text in texts], object)


def _toml(plan: Mapping[str, Any], prefix: str = "") -> str:
    lines, tables = [], []
    for name, value in plan.items():
        if name in ("include", "exclude"):
            tables += [f"\n[[{name}]]\n{_toml(part)}" for part in (value if isinstance(value, (list, tuple)) else [value])]
        elif isinstance(value, Mapping):
            lines += _toml({f"{name}.{part}": inner for part, inner in value.items()}).splitlines()
        elif value is not None:
            key = ".".join(part if re.fullmatch("[A-Za-z0-9_-]+", part) else json.dumps(part) for part in str(name).split("."))
            lines.append(f"{key} = {_toml_value(name, value)}")
    return "".join(line + "\n" for line in lines) + "".join(tables)


def _toml_value(name: str, value: Any) -> str:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (list, tuple, range, np.ndarray)):
        return "[" + ", ".join(_toml_value(name, part) for part in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (str, os.PathLike)):
        return json.dumps(os.fspath(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    remedy = "write its trials with numpy.savez and give task_file" if callable(value) else "correct the plan"
    raise InvalidInput(f"{name}: found {type(value).__name__}, expected a number, a text, True, False, or a list of these; {remedy}")
