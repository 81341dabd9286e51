"""Do smaller weights or their order move the edge? Trained networks against their own weights, shuffled within populations.

PYTHONPATH=python python3 docs/reproduction/shuffled.py

It needs pandas, takes a quarter of a minute for each of the 20 networks, and writes shuffled.csv beside runs.csv.
"""

from pathlib import Path

import numpy as np
import pandas as pd

import eirnn

HERE, SHUFFLES = Path(__file__).parent, 20
random = np.random.default_rng(1)


def shuffled(weights, signs):
    mixed = weights.copy()
    for sign in (1, -1):
        mixed[signs == sign] = random.permutation(weights[signs == sign].ravel()).reshape(-1, weights.shape[1])
    return mixed


def edges(weights, signs):
    spectra = [eirnn.spectrum(shuffled(weights, signs), signs) for _ in range(SHUFFLES)]
    return np.mean([spectrum.outer_radius for spectrum in spectra]), np.mean([len(spectrum.outliers) for spectrum in spectra])


def variance(weights, signs):
    return np.mean([weights[signs == sign].var() for sign in (1, -1)])


runs = pd.read_csv(HERE / "runs.csv")
runs = runs[(runs.task == "and") & (runs.sign_axis == "presynaptic") & (runs.units == 100) & np.isclose(runs.excitatory, 0.5)
            & ~runs.balanced.fillna(False).astype(bool)]
rows = []
for run in runs.itertuples():
    trained = eirnn.train(task="and", units=100, epochs=20, init=run.init, seed=run.seed, threads=1)
    signs, weights = trained.network.signs, trained.network.recurrent_kernel.astype(float)
    initial = trained.network_initial.recurrent_kernel.astype(float)
    initial[initial * signs[:, None] < 0] = 0  # the projection
    edge, outliers = edges(weights, signs)
    rows.append({"init": run.init, "seed": run.seed, "edge": trained.spectrum.outer_radius,
                 "edge_projected": eirnn.spectrum(initial).outer_radius, "edge_shuffled": edge,
                 "edge_projected_shuffled": edges(initial, signs)[0],
                 "variance_ratio": variance(weights, signs) / variance(initial, signs),
                 "outliers": len(trained.spectrum.outliers), "outliers_shuffled": outliers})
pd.DataFrame(rows).to_csv(HERE / "shuffled.csv", index=False)
