"""The C library: found, loaded at the first use, called with errors as exceptions. Nothing else calls into it."""

import ctypes
import json
import os
import platform
import sys
import threading
import weakref
from pathlib import Path
from typing import Any

from ._errors import Cancelled, ComputationError, InvalidInput
from ._hosting import Hosted, dotnet

Handle = ctypes.c_uint64


class Progress(ctypes.Structure):
    """Where a training stands (``eirnn_progress`` in eirnn.h)."""

    _fields_ = [(name, ctypes.c_int64) for name in ("epoch", "epochs", "update", "updates")] + [
        (name, ctypes.c_double) for name in ("loss", "gradient_norm", "seconds", "seconds_left")
    ]


AfterEpoch = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(Progress), Handle)
Draw = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_int64, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p
)

_i64, _f64, _ptr, _text = ctypes.c_int64, ctypes.c_double, ctypes.c_void_p, ctypes.c_char_p
_SIGNATURES = {
    "use": (_text, _text), "free": (Handle,),
    "text": (Handle, _text, _ptr, _i64, _ptr), "values": (Handle, _text, _ptr, _i64, _ptr),
    "run_create": (_ptr,), "set": (Handle, _text, _text),
    "set_trials": (Handle, _i64, _i64, _i64, _i64, _f64, _ptr, _ptr, _ptr),
    "set_draw": (Handle, _i64, _i64, _i64, _f64, Draw, _ptr), "set_start": (Handle, Handle), "resume": (Handle, _text),
    "train": (Handle, AfterEpoch, _ptr), "cancel": (Handle,), "progress_of": (Handle, _ptr),
    "run_network": (Handle, ctypes.c_int, _ptr), "task_sizes": (Handle, _ptr, _ptr, _ptr),
    "task_draw": (Handle, _i64, _i64, _ptr, _ptr, _ptr),
    "network_create": (Handle, _i64, _i64, _ptr, _ptr), "network_load": (_text, _ptr), "network_save": (Handle, _text),
    "network_copy": (Handle, _ptr), "network_sizes": (Handle, _ptr, _ptr, _ptr),
    "network_read": (Handle, _text, _ptr, _i64), "network_write": (Handle, _text, _ptr, _i64),
    "network_signs": (Handle, _ptr, _i64), "network_run": (Handle, _i64, _i64, _ptr, _i64, _ptr, _ptr),
    "eigenvalues": (_i64, _i64, _ptr, _i64, _ptr), "spectrum_of_network": (Handle, _ptr), "spectrum_of_matrix": (_i64, _ptr, _ptr, _ptr),
    "fixed_points": (Handle, _ptr, _i64, _ptr, _i64, _f64, _i64, _i64, _ptr),
}

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parent.parent
_lock = threading.Lock()
_loaded: Any = None
_forked = False


def _level() -> str:
    """The highest level of x86-64 that this machine has and the library is built for; "" on other processors."""
    if platform.machine() not in ("x86_64", "AMD64"):
        return ""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="ignore").splitlines()
        flags = next(line for line in lines if line.startswith("flags")).split()
    except (OSError, StopIteration):
        return "x86-64-v2"
    has = set(flags).issuperset
    v3 = has(("avx2", "bmi1", "bmi2", "fma"))
    v4 = v3 and has(("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"))
    return "x86-64-v4" if v4 else "x86-64-v3" if v3 else "x86-64-v2"


def beside(name: str) -> "tuple[list[str], str]":
    """The command of a program beside the C library, and the folder of the libraries that it needs."""
    library = _find()
    if library.suffix == ".dll":
        program = _ROOT / "tools" / name / "bin" / "Release" / "net10.0" / f"{name}.dll"
        root = dotnet()
        command = [str(root / "dotnet") if root else "dotnet", str(program)]
    else:
        program = library.with_name(name)
        command = [str(program)]
    if not program.is_file():
        raise InvalidInput(f"{name}: found none at {program}, expected the program; install the wheel, or build it: python/build")
    return command, str(library.parent.parent.parent if library.parent.parent.name == "glibc-hwcaps" else library.parent)


def _find() -> Path:
    """The library of EIRNN_LIBRARY, else of the wheel, else of this checkout."""
    level = {"x86-64-v4": ("x86-64-v4", "x86-64-v3"), "x86-64-v3": ("x86-64-v3",)}.get(_level(), ())
    names = [*(f"glibc-hwcaps/{known}/libeirnn.so" for known in level), "libeirnn.so", "libeirnn.dll"]
    given = os.environ.get("EIRNN_LIBRARY")
    folders = [Path(given)] if given else [
        _HERE / "lib", _ROOT / "artifacts" / "libeirnn", _ROOT / "src" / "EiRnnFast.CAbi" / "bin" / "Release" / "net10.0"]
    for folder in folders:
        for name in names:
            if (folder / name).is_file():
                return folder / name
    raise ImportError(
        f"libeirnn: found none in {' or '.join(map(str, folders))}, expected the C library; install the wheel, or build it: python/build"
    )


def _library() -> Any:
    global _loaded
    if _forked:
        raise ComputationError(
            "fork: found a process that was forked after the engine had begun to work, expected a fresh one; "
            "its threads are not in the copy: use multiprocessing with the start method 'spawn', or call the engine first in the child"
        )
    if _loaded is None:
        with _lock:
            if _loaded is None:
                path = _find()
                library: Any = Hosted(path) if path.suffix == ".dll" else ctypes.CDLL(str(path))
                library.eirnn_last_error.restype = ctypes.c_char_p
                for name, arguments in _SIGNATURES.items():
                    function = getattr(library, f"eirnn_{name}")
                    function.argtypes, function.restype = arguments, ctypes.c_int
                _loaded = library
    return _loaded


def _after_fork() -> None:
    global _forked, _lock
    _lock = threading.Lock()
    _forked = _loaded is not None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def call(name: str, *arguments: Any) -> None:
    """Calls ``eirnn_<name>``; its code becomes an exception."""
    library = _library()
    code = getattr(library, f"eirnn_{name}")(*arguments)
    if code != 0:
        sentence = library.eirnn_last_error().decode()
        raise {2: InvalidInput, 130: Cancelled}.get(code, ComputationError)(sentence)


def made(name: str, *arguments: Any) -> "Owned":
    """Calls a function whose last argument gets a handle."""
    handle = Handle()
    call(name, *arguments, ctypes.byref(handle))
    return Owned(handle.value)


def encoded(name: str, text: "str | os.PathLike[str]") -> bytes:
    """A text or path for C."""
    try:
        data = os.fsencode(text)
    except (TypeError, UnicodeEncodeError):
        raise InvalidInput(f"{name}: found {text!r}, expected a text or a path; correct it") from None
    if b"\0" in data:
        raise InvalidInput(f"{name}: found {text!r} with a 0 byte in it, expected none; correct it")
    return data


class Owned:
    """A handle that is freed with this object."""

    def __init__(self, value: int) -> None:
        self.value = value
        self.lock = threading.RLock()  # a handle is used by one call at a time
        self._end = weakref.finalize(self, _free, value, os.getpid())


def _free(value: int, process: int) -> None:
    if _loaded is not None and os.getpid() == process and not sys.is_finalizing():
        _loaded.eirnn_free(value)


def text(handle: int, what: str) -> Any:
    """What a handle (0: the engine) tells as JSON."""
    length = ctypes.c_int64()
    call("text", handle, what.encode(), None, 0, ctypes.byref(length))
    while True:
        buffer = ctypes.create_string_buffer(length.value + 64)
        try:
            call("text", handle, what.encode(), buffer, len(buffer), ctypes.byref(length))
            return json.loads(buffer.value)
        except InvalidInput:
            if length.value <= len(buffer):
                raise
