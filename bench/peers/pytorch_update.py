"""A workload in PyTorch (1.13 or later), one thread: the peer of bench/compare.

reference: one update of a tanh network under Dale's law: forward over T steps, mean squared error, backpropagation through time,
clipping of all gradients to norm 0.5, Adam, projection of the recurrent weights on their signs, in place.
The recurrence is torch.nn.RNN, PyTorch's own: its loop over timesteps runs in C++.

leaky: one update of a network of leaky relu units, r = (1 - a)*r + a*relu(z + sqrt(2/a)*sigma*xi), with |V|*D as recurrent weights
and no autapses, masked mean squared error, clipping and Adam. PyTorch has no such layer: the loop over timesteps runs in Python, as
users write it. |V|*D is formed once an update; code that forms it at every timestep is slower.

Reads lines `units count` from standard input; for each, trains a network of that size (kept from the line before, if the
size is the same) for `count` updates and writes their times in milliseconds on one line. The first line it writes is the
name and version of the library. Ends with its input.
"""
import os
import sys
import time

import numpy as np
import torch

BATCH, STEPS, INPUTS = 64, 290, 2


class Network:
    def __init__(self, units):
        torch.manual_seed(1)
        self.rnn = torch.nn.RNN(INPUTS, units, nonlinearity="tanh")
        self.readout = torch.nn.Linear(units, 1)
        with torch.no_grad():
            torch.nn.init.orthogonal_(self.rnn.weight_hh_l0)
            self.rnn.bias_ih_l0.zero_()
            self.rnn.bias_hh_l0.zero_()
        # weight_hh[i, j] runs from unit j to unit i: Dale's law fixes the sign of each column.
        self.excitatory = units // 2
        self.parameters = [self.rnn.weight_ih_l0, self.rnn.weight_hh_l0, self.rnn.bias_ih_l0, *self.readout.parameters()]
        self.rnn.bias_hh_l0.requires_grad_(False)  # one bias per unit, as in the engine
        self.optimizer = torch.optim.Adam(self.parameters, lr=1e-3, eps=1e-7)
        self.x, self.y = trials()

    def update(self):
        self.optimizer.zero_grad(set_to_none=True)
        states, _ = self.rnn(self.x)
        torch.nn.functional.mse_loss(self.readout(states), self.y).backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 0.5)
        self.optimizer.step()
        with torch.no_grad():
            weights = self.rnn.weight_hh_l0
            weights[:, : self.excitatory].clamp_(min=0)
            weights[:, self.excitatory :].clamp_(max=0)


class LeakyNetwork:
    ALPHA, NOISE, EXCITATORY, SILENT = 0.2, 0.15, 0.8, 50

    def __init__(self, units):
        torch.manual_seed(1)
        self.units = units
        self.input = torch.nn.Linear(INPUTS, units)
        self.readout = torch.nn.Linear(units, 1)
        inhibitory = int(units * (1 - self.EXCITATORY) + 1e-6)
        excitatory = units - inhibitory
        # weight[i, j] runs from unit j to unit i, as in torch.nn.Linear: the sign belongs to the column.
        weight = torch.empty(units, units).uniform_(-((3 / units) ** 0.5), (3 / units) ** 0.5)
        if inhibitory:
            weight[:, :excitatory] *= inhibitory / excitatory  # balanced
        self.weight = torch.nn.Parameter(weight)
        self.signs = torch.ones(units, units)
        self.signs[:, excitatory:] = -1
        self.signs.fill_diagonal_(0)  # no autapses
        with torch.no_grad():
            self.input.bias.zero_()
        self.parameters = [*self.input.parameters(), self.weight, *self.readout.parameters()]
        self.optimizer = torch.optim.Adam(self.parameters, lr=1e-3, eps=1e-7)
        self.x, self.y = trials()
        self.mask = torch.ones_like(self.y)
        self.mask[: self.SILENT] = 0

    def update(self):
        self.optimizer.zero_grad(set_to_none=True)
        scale = (2 / self.ALPHA) ** 0.5 * self.NOISE
        weight = self.weight.abs() * self.signs
        rate = torch.zeros(BATCH, self.units)
        rates = []
        for x in self.x:
            total = self.input(x) + torch.nn.functional.linear(rate, weight)
            rate = (1 - self.ALPHA) * rate + self.ALPHA * torch.relu(total + scale * torch.randn(BATCH, self.units))
            rates.append(rate)
        error = self.readout(torch.stack(rates)) - self.y
        loss = (self.mask * error * error).sum() / self.mask.sum()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 0.5)
        self.optimizer.step()


WORKLOADS = {"reference": Network, "leaky": LeakyNetwork}


def trials():
    """One batch of AND: a pulse of 20 steps on each input with probability 1/2, the answer 20 steps later."""
    random = np.random.RandomState(3)
    x = np.zeros((STEPS, BATCH, INPUTS), np.float32)
    y = np.zeros((STEPS, BATCH, 1), np.float32)
    for trial in range(BATCH):
        start = random.randint(50, 150)
        on = random.randint(0, 2, INPUTS)
        x[start : start + 20, trial] = on
        y[start + 40 :, trial, 0] = on.all()
    return torch.from_numpy(x), torch.from_numpy(y)


def main():
    torch.set_num_threads(1)
    if hasattr(torch, "set_flush_denormal"):
        torch.set_flush_denormal(True)
    core = os.environ.get("OPENBLAS_CORETYPE")
    print("PyTorch", torch.__version__, f"(OPENBLAS_CORETYPE={core})" if core else "", flush=True)
    workload = WORKLOADS[sys.argv[1] if len(sys.argv) > 1 else "reference"]
    network, size = None, 0
    for line in sys.stdin:
        units, count = map(int, line.split())
        if units != size:
            network, size = workload(units), units
        times = []
        for _ in range(count):
            start = time.perf_counter()
            network.update()
            times.append(1000 * (time.perf_counter() - start))
        print(*times, flush=True)


if __name__ == "__main__":
    main()
