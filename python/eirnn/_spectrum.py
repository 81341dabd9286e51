"""Eigenvalues of recurrent matrices, and what they say."""

from types import SimpleNamespace
from typing import Any, Optional

import numpy as np

from ._arrays import floats, pointer, series
from ._html import plane
from ._library import call, made, text
from ._errors import InvalidInput


def eigenvalues(matrices: Any, threads: Optional[int] = None) -> np.ndarray:
    """Eigenvalues of real matrices, largest modulus first; of a conjugate pair the one above the real axis first.

    matrices: [N, N] or a stack [n, N, N], finite. threads: all cores unless said; any number finds the same bits.
    Returns complex128 [N] or [n, N]. Raises InvalidInput, or ComputationError where the iteration does not converge.
    """
    given = np.asarray(matrices)
    if given.ndim not in (2, 3) or given.shape[-1] != given.shape[-2] or given.shape[-1] == 0:
        raise InvalidInput(f"matrices: found the shape {given.shape}, expected (N, N) or (n, N, N); give square matrices")
    n = given.shape[-1]
    stack = floats("matrices", given.reshape(-1, n, n), (None, n, n), np.float64)
    values = np.empty((len(stack), n), dtype=np.complex128)
    if len(stack) > 0:
        call("eigenvalues", len(stack), n, pointer(stack), threads or 0, pointer(values))
    return values[0] if given.ndim == 2 else values


def spectrum(matrix: Any, signs: Any = None) -> "Spectrum":
    """The spectrum of any real matrix [N, N], from row to column.

    signs: +1 or −1 for every row. With them the spectrum has the theory of two populations, of the mean and variance that they have in
    the matrix (Rajan & Abbott 2006); without, it has none. A network knows its own theory (``net.spectrum``).
    """
    given = np.asarray(matrix)
    n = given.shape[0] if given.ndim == 2 else 0
    array = floats("matrix", given, (n or None, n or None), np.float64)
    given_signs = None if signs is None else floats("signs", signs, (n,), np.int8)
    return Spectrum._of(made("spectrum_of_matrix", n, pointer(array), pointer(given_signs)))


class Spectrum:
    """A spectrum: ``eigenvalues`` complex128 [N], largest modulus first, and its measures.

    outer_radius and inner_radius: edges of the bulk; shape: "disc" or "ring"; outliers complex128; henrici: departure from
    normality; spectral_radius: largest modulus; theory: None, or outer_radius, inner_radius and outlier of random matrix theory.
    outer_radius_published, inner_radius_published, frequency_published: as the published code has them (arXiv 2208.10304).
    """

    def __init__(self, eigenvalues: np.ndarray, outliers: np.ndarray, measures: dict) -> None:
        self.eigenvalues, self.outliers, self._measures = eigenvalues, outliers, measures

    @staticmethod
    def _of(owned: Any) -> "Spectrum":
        values, outliers = (series(owned.value, name).view(np.complex128) for name in ("eigenvalues", "outliers"))
        return Spectrum(values, outliers, text(owned.value, "summary"))

    def __getattr__(self, name: str) -> Any:
        measures = self.__dict__.get("_measures", {})
        if name not in measures:
            raise AttributeError(f"spectrum: found no '{name}', expected eigenvalues, outliers or one of {', '.join(sorted(measures))}")
        return SimpleNamespace(**measures[name]) if isinstance(measures[name], dict) else measures[name]

    def __dir__(self) -> list:
        return [*super().__dir__(), *self._measures]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spectrum) and np.array_equal(self.eigenvalues, other.eigenvalues) and self._measures == other._measures

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return (f"<Spectrum of {self.units} units: {self.shape}, outer radius {self.outer_radius:.3f}, inner radius "
                f"{self.inner_radius:.3f}, {len(self.outliers)} outliers>")

    def _repr_html_(self) -> str:
        return plane(self.eigenvalues, self.outliers, self.theory, repr(self))
