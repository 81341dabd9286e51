"""The C library as a checkout builds it without a C compiler: an assembly that the .NET runtime hosts in this process."""

import ctypes
import os
import shutil
import signal
import threading
from pathlib import Path
from typing import Any, Iterator, Optional

_LOAD_ASSEMBLY = 5  # hdt_load_assembly_and_get_function_pointer of hostfxr.h
_UNMANAGED_CALLERS_ONLY = ctypes.c_void_p(-1)  # of coreclr_delegates.h


class Hosted:
    """The functions of an assembly, as ``ctypes.CDLL`` would have them. Raises ImportError where there is no runtime for it."""

    def __init__(self, assembly: Path) -> None:
        host = ctypes.CDLL(str(_host()))
        handle, load, find = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
        settings = os.fsencode(assembly.with_suffix(".runtimeconfig.json"))
        code = host.hostfxr_initialize_for_runtime_config(settings, None, ctypes.byref(handle))
        if code in (0, 1, 2):  # begun, or begun already by somebody else in this process
            code = host.hostfxr_get_runtime_delegate(handle, _LOAD_ASSEMBLY, ctypes.byref(load))
            host.hostfxr_close(handle)
        if code == 0:
            arguments = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
            code = ctypes.CFUNCTYPE(ctypes.c_int, *arguments)(load.value or 0)(
                os.fsencode(assembly), b"EiRnnFast.CAbi.Exports, libeirnn", b"Find", _UNMANAGED_CALLERS_ONLY, None, ctypes.byref(find))
        if code != 0:
            raise ImportError(f"{assembly}: found an assembly that the .NET runtime does not load (0x{code & 0xFFFFFFFF:08x}), "
                              "expected .NET 10; build it again: python/build")
        self._find = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_char_p)(find.value or 0)
        if threading.current_thread() is threading.main_thread():
            # The runtime has put its own in place of Python's. They write to a pipe that a forked child shares: the end of a child by
            # SIGTERM would end its parent.
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
                handler = signal.getsignal(number)
                if handler is not None:
                    signal.signal(number, handler)

    def __getattr__(self, name: str) -> Any:
        function = ctypes.CFUNCTYPE(ctypes.c_int)(self._find(name.encode()))
        setattr(self, name, function)
        return function


def dotnet() -> Optional[Path]:
    """The folder of .NET: DOTNET_ROOT, that of the command dotnet, or where installers put it; None where there is none."""
    command = shutil.which("dotnet")
    folders = [os.environ.get("DOTNET_ROOT"), command and os.path.dirname(os.path.realpath(command)),
               "/usr/share/dotnet", "/usr/lib/dotnet", os.path.expanduser("~/.dotnet")]
    return next((Path(folder) for folder in folders if folder and any(_hosts(Path(folder)))), None)


def _hosts(folder: Path) -> Iterator[Path]:
    return folder.glob("host/fxr/*/libhostfxr.so")


def _host() -> Path:
    folder = dotnet()
    if folder is None:
        raise ImportError("dotnet: found no .NET runtime, expected .NET 10; set DOTNET_ROOT to its folder")
    return max(_hosts(folder), key=lambda path: [int(part) for part in path.parent.name.split("-")[0].split(".")])
