"""Networks: weights as NumPy arrays, runs, spectra, fixed points, files, PyTorch."""

import ctypes
import os
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

import numpy as np

from ._arrays import floats, pointer, series
from ._library import Owned, call, encoded, made, text
from ._errors import InvalidInput
from ._settings import put
from ._spectrum import Spectrum

_TENSORS = ("kernel", "recurrent_kernel", "bias", "dense_kernel", "dense_bias", "initial_state")


class FixedPoint(NamedTuple):
    """A state that the network maps to itself, or nearly (``speed`` is √(2q))."""

    point: np.ndarray  #: the state, float64 [N]
    speed: float
    eigenvalues: np.ndarray  #: of the Jacobian, complex128 [N]
    stable: Optional[bool]  #: None where it cannot be told
    fixed: bool  #: False for a slow point
    starts: int  #: how many searches ended there

    def __repr__(self) -> str:
        kind = {True: "stable", False: "unstable", None: "of unknown stability"}[self.stable]
        return (f"<{'Fixed' if self.fixed else 'Slow'} point of {len(self.point)} units, {kind}: speed {self.speed:.1e}, "
                f"largest |eigenvalue| {abs(self.eigenvalues).max():.3f}, found by {self.starts} searches>")


class _Tensor:
    """An array of the network: a copy when it is read, and assigned as a whole."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, network: Any, owner: Optional[type] = None) -> np.ndarray:
        return self if network is None else network._read(self._name)  # type: ignore[return-value]

    def __set__(self, network: Any, values: Any) -> None:
        network._write(self._name, values)


class Network:
    """h_t = f(x_t·W_in + h_{t−1}·W_rec + b), y_t = h_t·W_out + b_out: states are rows, so W_rec[i, j] runs from unit i to unit j.

    kernel [I, N], recurrent_kernel [N, N], bias [N], dense_kernel [N, O], dense_bias [O], initial_state [N]: float32 copies,
    read-only; to change one, assign a whole array: ``w = net.bias.copy(); w[3] = 0; net.bias = w``.
    signs: int8 [N], +1 excitatory, −1 inhibitory, 0 without a constraint.
    """

    __slots__ = ("_owned", "__weakref__")
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias, initial_state = (_Tensor() for _ in _TENSORS)

    def __init__(self, kernel: Any, recurrent_kernel: Any, dense_kernel: Any, bias: Any = None, dense_bias: Any = None,
                 signs: Any = None, cell: Optional[Dict[str, Any]] = None) -> None:
        """A network of given weights. cell: settings of the network by name, such as {"activation": "relu", "alpha": 0.2}."""
        w_in = floats("kernel", kernel, (None, None))
        inputs, units = w_in.shape
        w_out = floats("dense_kernel", dense_kernel, (units, None))
        tensors = {
            "kernel": w_in, "recurrent_kernel": floats("recurrent_kernel", recurrent_kernel, (units, units)), "dense_kernel": w_out,
            "bias": None if bias is None else floats("bias", bias, (units,)),
            "dense_bias": None if dense_bias is None else floats("dense_bias", dense_bias, (w_out.shape[1],)),
        }
        if cell is not None and not isinstance(cell, dict):
            raise InvalidInput(f"cell: found {cell!r}, expected a dict of settings, such as {{'activation': 'relu'}}; correct it")
        given = None if signs is None else floats("signs", signs, (units,), np.int8)
        run = made("run_create")
        put(run.value, {"units": units, "init": "normal", **({"sign_axis": "none"} if signs is None else {}), **(cell or {})})
        self._owned = made("network_create", run.value, inputs, w_out.shape[1], pointer(given))
        for name, values in tensors.items():
            setattr(self, name, np.zeros(self._shape(name), np.float32) if values is None else values)

    @classmethod
    def _of(cls, owned: Owned) -> "Network":
        network = cls.__new__(cls)
        network._owned = owned
        return network

    def _call(self, name: str, *arguments: Any) -> None:
        with self._owned.lock:
            call(name, self._owned.value, *arguments)

    def _made(self, name: str, *arguments: Any) -> Owned:
        with self._owned.lock:
            return made(name, self._owned.value, *arguments)

    @property
    def _sizes(self) -> Tuple[int, int, int]:
        sizes = [ctypes.c_int64() for _ in range(3)]
        self._call("network_sizes", *map(ctypes.byref, sizes))
        return tuple(size.value for size in sizes)  # type: ignore[return-value]

    units = property(lambda self: self._sizes[0], doc="N.")
    inputs = property(lambda self: self._sizes[1], doc="I.")
    outputs = property(lambda self: self._sizes[2], doc="O.")

    def _shape(self, name: str) -> Tuple[int, ...]:
        n, i, o = self._sizes
        return {"kernel": (i, n), "bias": (n,), "dense_kernel": (n, o), "dense_bias": (o,), "initial_state": (n,)}.get(name, (n, n))

    def _read(self, name: str) -> np.ndarray:
        values = np.empty(self._shape(name), np.float32)
        self._call("network_read", name.encode(), pointer(values), values.size)
        values.flags.writeable = False  # a change of the copy would not reach the network
        return values

    def _write(self, name: str, values: Any) -> None:
        array = floats(name, values, self._shape(name))
        self._call("network_write", name.encode(), pointer(array), array.size)

    @property
    def effective_recurrent_kernel(self) -> np.ndarray:
        """W_rec as it acts [N, N]; recurrent_kernel itself, except in the sign modes magnitude and rectified."""
        return self._read("effective_recurrent_kernel")

    @property
    def signs(self) -> np.ndarray:
        """+1 excitatory, −1 inhibitory, 0 without a constraint: int8 [N]."""
        values = np.empty(self.units, np.int8)
        self._call("network_signs", pointer(values), values.size)
        return values

    @property
    def description(self) -> Dict[str, Any]:
        """Sizes, seed and the settings of the network by name: cell, signs, wiring, initialisation."""
        with self._owned.lock:
            return text(self._owned.value, "description")

    @property
    def spectrum(self) -> Spectrum:
        """The spectrum of W_rec as it is now."""
        return Spectrum._of(self._made("spectrum_of_network"))

    def run(self, x: Any, noise_seed: Optional[int] = None) -> Tuple[np.ndarray, np.ndarray]:
        """Runs trials x [B, T, I] and returns outputs [B, T, O] and rates [B, T, N], float32.

        noise_seed: a number for a run with the network's own noise; None for none.
        """
        n, i, o = self._sizes
        if noise_seed is not None and noise_seed < 0:
            raise InvalidInput(f"noise_seed: found {noise_seed}, expected 0 or above, or None for a run without noise; correct it")
        inputs = floats("x", x, (None, None, i))
        trials, steps = inputs.shape[:2]
        outputs, states = np.empty((trials, steps, o), np.float32), np.empty((trials, steps, n), np.float32)
        self._call("network_run", trials, steps, pointer(inputs), -1 if noise_seed is None else noise_seed,
             pointer(outputs), pointer(states))
        return outputs, states

    def fixed_points(self, states: Any, starts: int = 200, seed: int = 1, input: Any = None, noise: float = 0.1,
                     threads: int = 1) -> List[FixedPoint]:
        """Fixed points, then slow ones, under a constant input [I] (zeros unless said).

        states: moments of trajectories to search from, [..., N], as ``run`` gives them. starts: how many searches. noise: of their
        beginnings.
        """
        n, i, _ = self._sizes
        if np.ndim(states) == 0:
            raise InvalidInput(f"states: found {states!r}, expected an array [..., N], such as run(x) gives; give that")
        moments = floats("states", np.reshape(states, (-1, np.shape(states)[-1])), (None, n))
        held = None if input is None else floats("input", input, (i,), np.float64)
        found = self._made("fixed_points", pointer(held), len(moments), pointer(moments), starts, noise, seed, threads)
        summary = text(found.value, "summary")
        points = series(found.value, "states").reshape(-1, n)
        values = series(found.value, "eigenvalues").view(np.complex128).reshape(-1, n)
        q, ended = series(found.value, "q"), series(found.value, "starts")
        stable = [{"stable": True, "unstable": False}.get(word) for word in summary["stability"]]
        return [FixedPoint(points[k], float(np.sqrt(2 * q[k])), values[k], stable[k], k < summary["fixed"], int(ended[k]))
                for k in range(len(points))]

    @classmethod
    def load(cls, path: "str | os.PathLike[str]") -> "Network":
        """Reads a network: .npz of EiRnnFast, .h5 or .hdf5 of Keras."""
        return cls._of(made("network_load", encoded("path", path)))

    def save(self, path: "str | os.PathLike[str]", format: "str | None" = None) -> None:
        """Writes the network, whole or not at all: as Keras 3 HDF5 where the name ends in .h5 or .hdf5, else as .npz.

        The name decides. A format, "keras" or "npz", that says otherwise is refused.
        """
        if not os.fspath(path).lower().endswith((".npz", ".h5", ".hdf5")):
            raise InvalidInput(f"path: found the name {os.fspath(path)!r}, expected one that ends in .npz, .h5 or .hdf5; the end says what "
                               "is written")
        named = "keras" if os.fspath(path).lower().endswith((".h5", ".hdf5")) else "npz"
        if format not in (None, named):
            raise InvalidInput(f"format: found {format!r} with the name {os.fspath(path)!r}, "
                               "expected 'keras' with .h5 or .hdf5, 'npz' with .npz; correct one of them")
        self._call("network_save", encoded("path", path))

    @classmethod
    def from_torch(cls, rnn: Any, readout: Any, signs: Any = None) -> "Network":
        """A network with the weights of a torch.nn.RNN of one layer and a torch.nn.Linear.

        PyTorch's weights are [to, from]: they are transposed. Its two biases are added.
        """
        if (getattr(rnn, "num_layers", 1) != 1 or getattr(rnn, "bidirectional", False)
                or getattr(rnn, "mode", "") not in ("RNN_TANH", "RNN_RELU")):
            raise InvalidInput(f"rnn: found {type(rnn).__name__} {getattr(rnn, 'mode', '')}, expected torch.nn.RNN with one layer and one "
                               "direction; give such a one")
        if getattr(readout, "weight", None) is None:
            raise InvalidInput(f"readout: found {type(readout).__name__}, expected torch.nn.Linear; give the layer after the rnn")

        def array(tensor: Any) -> np.ndarray:
            return tensor.detach().cpu().numpy()

        bias = array(rnn.bias_ih_l0) + array(rnn.bias_hh_l0) if rnn.bias else None
        return cls(array(rnn.weight_ih_l0).T, array(rnn.weight_hh_l0).T, array(readout.weight).T, bias,
                   None if readout.bias is None else array(readout.bias), signs,
                   {"activation": "relu" if rnn.mode == "RNN_RELU" else "tanh"})

    def to_torch(self) -> "Tuple[Any, Any]":
        """(torch.nn.RNN, torch.nn.Linear) with these weights; batch first. Only cells that PyTorch has."""
        torch: Any = import_module("torch")

        said = self.description
        if said["activation"] not in ("tanh", "relu") or said["alpha"] not in (None, 1) or said["tau"] is not None:
            raise InvalidInput(f"network: found the activation {said['activation']} with alpha {said['alpha']}, "
                               "expected tanh or relu without leak; torch.nn.RNN has no other")
        if self.initial_state.any():
            raise InvalidInput("network: found an initial state that is not 0, expected 0; torch.nn.RNN keeps none: "
                               "give it as h_0 to a network whose initial_state is set to 0")
        rnn = torch.nn.RNN(self.inputs, self.units, nonlinearity=said["activation"], batch_first=True)
        readout = torch.nn.Linear(self.units, self.outputs)
        with torch.no_grad():
            for parameter, values in ((rnn.weight_ih_l0, self.kernel.T), (rnn.weight_hh_l0, self.effective_recurrent_kernel.T),
                                      (rnn.bias_ih_l0, self.bias), (rnn.bias_hh_l0, np.zeros(self.units, np.float32)),
                                      (readout.weight, self.dense_kernel.T), (readout.bias, self.dense_bias)):
                parameter.copy_(torch.from_numpy(np.array(values)))
        return rnn, readout

    def __copy__(self) -> "Network":
        return Network._of(self._made("network_copy"))

    def __deepcopy__(self, memo: Any) -> "Network":
        return self.__copy__()

    def __reduce__(self) -> Any:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "network.npz"
            self.save(file)
            return _unpickled, (file.read_bytes(),)

    def __eq__(self, other: object) -> bool:
        return (isinstance(other, Network) and self.description == other.description
                and all(np.array_equal(getattr(self, name), getattr(other, name)) for name in _TENSORS))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        said = self.description
        return f"<Network of {said['units']} units, {said['inputs']} inputs, {said['outputs']} outputs, {said['activation']}>"

    def _repr_html_(self) -> str:
        return self.spectrum._repr_html_()


def _unpickled(data: bytes) -> Network:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "network.npz"
        file.write_bytes(data)
        return Network.load(file)
