"""Outliers at a fixed multiple of theory, before training and after: python3 docs/reproduction/outliers.py FOLDER... > outliers.csv

FOLDER holds networks of AND, OR or XOR as `eirnn export SWEEP --networks FOLDER` writes them. An eigenvalue counts beyond 1.2 times the
edge of theory, whatever N, and beyond (1.1 + 7.75/N) times it, as the engine counts beyond its fitted edge. Before training, matrices of
the same kind are drawn anew: 20 of each size.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

EDGE = np.sqrt(0.5 - 0.5 / np.pi)
random = np.random.default_rng(1)


def counts(matrix):
    moduli, n = np.abs(np.linalg.eigvals(matrix)), len(matrix)
    return {"beyond_1.2": int((moduli > 1.2 * EDGE).sum()), "beyond_engine": int((moduli > (1.1 + 7.75 / n) * EDGE).sum())}


def created(n, init):
    weights = random.standard_normal((n, n))
    if init == "orthogonal":
        q, r = np.linalg.qr(weights)
        weights = q * np.sign(np.diag(r))
    else:
        weights /= np.sqrt(n)
    signs = np.where(np.arange(n) < n // 2, -1, 1)
    weights[weights * signs[:, None] < 0] = 0
    return weights


rows = [{"stage": "before", "units": n, "init": init, **counts(created(n, init))}
        for n in (50, 75, 100, 150, 200, 300, 400, 500) for init in ("orthogonal", "normal") for _ in range(20)]
for folder in sys.argv[1:]:
    for file in sorted(Path(folder).glob("*.npz")):
        with np.load(file) as network:
            spec = json.loads(str(network["spec"]))
            matrix = network["recurrent_kernel"].astype(float)
        if (spec["sign_axis"], spec["excitatory"], spec["gain"], spec["density"], spec["activation"]) != ("presynaptic", 0.5, 1, 1, "tanh"):
            continue
        rows.append({"stage": "after", "units": spec["units"], "init": spec["init"], **counts(matrix)})
table = pd.DataFrame(rows).groupby(["stage", "units", "init"]).agg(["mean", "sem", "count"])
table.columns = ["_".join(name) for name in table.columns]
print(table.drop(columns="beyond_engine_count").rename(columns={"beyond_1.2_count": "networks"}).round(3).to_csv(), end="")
