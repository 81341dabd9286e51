"""EiRnnFast in Python: excitatory-inhibitory recurrent networks, trained fast, and the eigenvalues of their recurrent matrix.

>>> import eirnn
>>> run = eirnn.train(task="and", units=50, epochs=2, seed=1, trials=1050)
>>> run.network.recurrent_kernel.shape
(50, 50)
"""

from ._errors import Cancelled, ComputationError, InvalidInput
from ._network import FixedPoint, Network
from ._settings import info, presets, settings, use
from ._spectrum import Spectrum, eigenvalues, spectrum
from ._sweep import Sweep, open, sweep
from ._tasks import Task, task, tasks
from ._training import Run, last_interrupted, train

__version__ = "0.2.0"
__all__ = [
    "Cancelled", "ComputationError", "FixedPoint", "InvalidInput", "Network", "Run", "Spectrum", "Sweep", "Task", "eigenvalues", "info",
    "last_interrupted", "open", "presets", "settings", "spectrum", "sweep", "task", "tasks", "train", "use",
]
