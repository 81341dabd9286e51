"""Errors of the engine: each has one sentence that says what was found, what was expected, and the remedy."""


class InvalidInput(ValueError):
    """A setting, an array or a file that cannot be used."""


class ComputationError(RuntimeError):
    """Good input, and still no result, such as eigenvalues that did not converge."""


class Cancelled(ComputationError):
    """A training that was ended before its last epoch."""
