"""NumPy arrays as the C library takes them."""

import ctypes
from typing import Any, Optional, Sequence

import numpy as np

from ._library import call
from ._errors import InvalidInput


def floats(name: str, values: Any, shape: Sequence[Optional[int]], dtype: Any = np.float32) -> np.ndarray:
    """An array of a shape (None: any length), in C order."""
    try:
        given = np.asarray(values)
        if np.iscomplexobj(given):
            raise TypeError("complex numbers")
        array = np.ascontiguousarray(given, dtype=dtype)
    except (TypeError, ValueError, RuntimeError) as e:  # RuntimeError: a tensor of PyTorch that keeps its gradient
        raise InvalidInput(f"{name}: found {type(values).__name__}, expected real numbers; give a NumPy array ({e})") from None
    if array.ndim != len(shape) or any(length is not None and length != found for length, found in zip(shape, array.shape)):
        expected = "×".join("n" if length is None else str(length) for length in shape)
        found = "×".join(map(str, array.shape)) or "of one number"
        raise InvalidInput(f"{name}: found the shape {found}, expected {expected}; correct the array")
    return array


def pointer(array: Optional[np.ndarray]) -> Optional[int]:
    return None if array is None else array.ctypes.data


def series(handle: int, what: str) -> np.ndarray:
    """What a handle tells as numbers, float64."""
    length = ctypes.c_int64()
    call("values", handle, what.encode(), None, 0, ctypes.byref(length))
    values = np.empty(length.value, dtype=np.float64)
    call("values", handle, what.encode(), values.ctypes.data, len(values), ctypes.byref(length))
    return values
