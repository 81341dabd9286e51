"""A workload in PyTorch (1.13 or later): the peer of bench/compare, and alone on a machine that has only Python and PyTorch.

reference: one update of a tanh network under Dale's law: forward over T steps, mean squared error, backpropagation through time,
clipping of all gradients to norm 0.5, Adam, projection of the recurrent weights on their signs, in place.
The recurrence is torch.nn.RNN, PyTorch's own: its loop over timesteps runs in C++.

leaky: one update of a network of leaky relu units, r = (1 - a)*r + a*relu(z + sqrt(2/a)*sigma*xi), with |V|*D as recurrent weights
and no autapses, masked mean squared error, clipping and Adam. PyTorch has no such layer: the loop over timesteps runs in Python, as
users write it. |V|*D is formed once an update; code that forms it at every timestep is slower.

many: the network of reference, K of one size at once, in batched products. The loop over timesteps runs in Python; with --graph a
GPU records it once and replays it.

Alone it prints a table, or JSON, of the median update: python3 pytorch_update.py --device cuda --json

With --serve it reads lines `units count` from standard input; for each, it trains a network of that size (kept from the line
before, if the size is the same) for `count` updates and writes their times in milliseconds on one line. The first line it
writes is the name and version of the library. It ends with its input.
"""
import argparse
import datetime
import json
import os
import platform
import random
import statistics
import sys
import time

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")  # they are read as torch is loaded

import torch  # noqa: E402

BATCH, STEPS, INPUTS = 64, 290, 2


class Network:
    def __init__(self, units, device="cpu", capturable=False):
        torch.manual_seed(1)
        self.rnn = torch.nn.RNN(INPUTS, units, nonlinearity="tanh")
        readout = torch.nn.Linear(units, 1)
        with torch.no_grad():
            torch.nn.init.orthogonal_(self.rnn.weight_hh_l0)
            self.rnn.bias_ih_l0.zero_()
            self.rnn.bias_hh_l0.zero_()
        self.rnn, self.readout = self.rnn.to(device), readout.to(device)
        # weight_hh[i, j] runs from unit j to unit i: Dale's law fixes the sign of each column.
        self.excitatory = units // 2
        self.parameters = [self.rnn.weight_ih_l0, self.rnn.weight_hh_l0, self.rnn.bias_ih_l0, *self.readout.parameters()]
        self.rnn.bias_hh_l0.requires_grad_(False)  # one bias per unit, as in the engine
        self.optimizer = adam(self.parameters, capturable)
        self.x, self.y = trials(device)

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


class ManyNetworks:
    """K networks of one size, each with weights, loss, clipping and Adam of its own, on the same trials."""

    def __init__(self, units, device="cpu", capturable=False, count=1):
        torch.manual_seed(1)
        bound = units**-0.5
        recurrent = torch.stack([torch.nn.init.orthogonal_(torch.empty(units, units)) for _ in range(count)])
        uniform = [torch.empty(count, *shape).uniform_(-bound, bound) for shape in ((INPUTS, units), (units, 1), (1, 1))]
        # weight[k, i, j] runs from unit i to unit j: Dale's law fixes the sign of each row.
        self.excitatory = units // 2
        tensors = [uniform[0], recurrent, torch.zeros(count, 1, units), uniform[1], uniform[2]]
        self.parameters = [torch.nn.Parameter(tensor.to(device)) for tensor in tensors]
        self.optimizer = adam(self.parameters, capturable)
        self.x, self.y = trials(device)

    def update(self):
        self.optimizer.zero_grad(set_to_none=True)
        into, recurrent, bias, out, out_bias = self.parameters
        count, units = recurrent.shape[0], recurrent.shape[1]
        driven = torch.baddbmm(bias, self.x.reshape(1, -1, INPUTS).expand(count, -1, -1), into).view(count, STEPS, BATCH, units)
        first, *later = driven.unbind(1)
        states = [torch.tanh(first)]
        for step in later:
            states.append(torch.tanh(torch.baddbmm(step, states[-1], recurrent)))
        outputs = torch.baddbmm(out_bias, torch.stack(states, 1).view(count, -1, units), out)
        error = outputs - self.y.reshape(1, -1, 1)
        (error * error).mean(dim=(1, 2)).sum().backward()
        with torch.no_grad():
            squares = sum(parameter.grad.square().sum(dim=(1, 2)) for parameter in self.parameters)
            scale = (0.5 / (squares.sqrt() + 1e-6)).clamp(max=1).view(-1, 1, 1)
            for parameter in self.parameters:
                parameter.grad.mul_(scale)
        self.optimizer.step()
        with torch.no_grad():
            recurrent[:, : self.excitatory].clamp_(min=0)
            recurrent[:, self.excitatory :].clamp_(max=0)


class LeakyNetwork:
    ALPHA, NOISE, EXCITATORY, SILENT = 0.2, 0.15, 0.8, 50

    def __init__(self, units, device="cpu", capturable=False):
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
        self.input, self.readout = self.input.to(device), self.readout.to(device)
        self.weight = torch.nn.Parameter(weight.to(device))
        self.signs = torch.ones(units, units, device=device)
        self.signs[:, excitatory:] = -1
        self.signs.fill_diagonal_(0)  # no autapses
        with torch.no_grad():
            self.input.bias.zero_()
        self.parameters = [*self.input.parameters(), self.weight, *self.readout.parameters()]
        self.optimizer = adam(self.parameters, capturable)
        self.x, self.y = trials(device)
        self.mask = torch.ones_like(self.y)
        self.mask[: self.SILENT] = 0

    def update(self):
        self.optimizer.zero_grad(set_to_none=True)
        scale = (2 / self.ALPHA) ** 0.5 * self.NOISE
        weight = self.weight.abs() * self.signs
        rate = torch.zeros(BATCH, self.units, device=self.x.device)
        rates = []
        for x in self.x:
            total = self.input(x) + torch.nn.functional.linear(rate, weight)
            rate = (1 - self.ALPHA) * rate + self.ALPHA * torch.relu(total + scale * torch.randn_like(total))
            rates.append(rate)
        error = self.readout(torch.stack(rates)) - self.y
        loss = (self.mask * error * error).sum() / self.mask.sum()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 0.5)
        self.optimizer.step()


WORKLOADS = {"reference": Network, "leaky": LeakyNetwork, "many": ManyNetworks}


def adam(parameters, capturable):
    return torch.optim.Adam(parameters, lr=1e-3, eps=1e-7, capturable=capturable)


def trials(device):
    """One batch of AND: a pulse of 20 steps on each input with probability 1/2, the answer 20 steps later."""
    draws = random.Random(3)
    x, y = torch.zeros(STEPS, BATCH, INPUTS), torch.zeros(STEPS, BATCH, 1)
    for trial in range(BATCH):
        start = draws.randrange(50, 150)
        on = [draws.randrange(2) for _ in range(INPUTS)]
        x[start : start + 20, trial] = torch.tensor(on, dtype=torch.float32)
        y[start + 40 :, trial, 0] = float(all(on))
    return x.to(device), y.to(device)


def recorded(network):
    """An update that a GPU replays as it was recorded, without Python."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            network.update()
    torch.cuda.current_stream().wait_stream(side)
    network.optimizer.zero_grad(set_to_none=True)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        network.update()
    return graph.replay


def timed(update, device):
    """Milliseconds of one update; a GPU is waited for."""
    start = time.perf_counter()
    update()
    if device == "cuda":
        torch.cuda.synchronize()
    return 1000 * (time.perf_counter() - start)


def measure(name, units, count, options):
    capturable = options.graph and options.device == "cuda"
    many = {"count": count} if name == "many" else {}
    network = WORKLOADS[name](units, options.device, capturable, **many)
    update = recorded(network) if capturable else network.update
    for _ in range(options.warm_up):
        timed(update, options.device)
    milliseconds = statistics.median(timed(update, options.device) for _ in range(options.updates))
    return {"units": units, "networks": count, "update_ms": milliseconds, "ms_per_network": milliseconds / count}


def processor():
    try:
        with open("/proc/cpuinfo") as facts:
            return next(line.split(":", 1)[1].strip() for line in facts if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def alone(options):
    on_gpu = options.device == "cuda"
    result = {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "library": f"PyTorch {torch.__version__}",
        "cuda": torch.version.cuda if on_gpu else None,
        "device": torch.cuda.get_device_name() if on_gpu else f"{processor()}, {torch.get_num_threads()} thread(s)",
        "workload": options.workload,
        "graph": options.graph,
        "rows": [],
    }
    for units in options.units:
        for count in options.networks if options.workload == "many" else [1]:
            result["rows"].append(measure(options.workload, units, count, options))
            print(f"{units} units, {count} at once: {result['rows'][-1]['update_ms']:.2f} ms", file=sys.stderr, flush=True)
    if options.json:
        print(json.dumps(result, indent=2))
        return
    versions = result["library"] + (f", CUDA {result['cuda']}" if on_gpu else "")
    print(f"{result['date']}, {result['device']}, {versions}; workload {options.workload}{', recorded' if options.graph else ''}\n")
    print("| units | networks at once | update, ms | ms a network |\n|---:|---:|---:|---:|")
    for row in result["rows"]:
        print(f"| {row['units']} | {row['networks']} | {row['update_ms']:.2f} | {row['ms_per_network']:.3f} |")


def serve(options):
    core = os.environ.get("OPENBLAS_CORETYPE")
    print("PyTorch", torch.__version__, f"(OPENBLAS_CORETYPE={core})" if core else "", flush=True)
    network, size = None, 0
    for line in sys.stdin:
        units, count = map(int, line.split())
        if units != size:
            network, size = WORKLOADS[options.workload](units), units
        print(*(timed(network.update, "cpu") for _ in range(count)), flush=True)


def numbers(text):
    found = [int(part) for part in text.split(",")]
    if min(found) < 1:
        raise ValueError
    return found


def number(text):
    return numbers(text)[0]


def main():
    parser = argparse.ArgumentParser(description="One update of a workload in PyTorch: medians, in milliseconds.")
    parser.add_argument("workload", nargs="?", choices=list(WORKLOADS), default="reference")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="where it runs (default: cpu, one thread)")
    parser.add_argument("--units", type=numbers, default=[50, 100, 200, 500], help="sizes (default: 50,100,200,500)")
    parser.add_argument("--networks", type=numbers, default=[1, 16, 64, 256], help="networks at once, of many (default: 1,16,64,256)")
    parser.add_argument("--updates", type=number, default=25, help="updates that are timed (default: 25)")
    parser.add_argument("--warm-up", type=number, default=5, help="updates before them (default: 5)")
    parser.add_argument("--graph", action="store_true", help="record the update once on a GPU and replay it")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--serve", action="store_true", help="answer bench/compare over standard input")
    options = parser.parse_args()
    if options.device == "cuda" and not torch.cuda.is_available():
        parser.error("--device: found no GPU that this PyTorch can use, expected one with CUDA; use --device cpu")
    if options.graph and options.device != "cuda":
        parser.error("--graph: found --device cpu, expected cuda; leave it out")
    if options.device == "cpu":
        torch.set_num_threads(1)
    if hasattr(torch, "set_flush_denormal"):
        torch.set_flush_denormal(True)
    serve(options) if options.serve else alone(options)


if __name__ == "__main__":
    main()
