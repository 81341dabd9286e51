"""Bootstrap intervals of whole seeds by NumPy, as JSON: what SeedIntervalTests holds the report to.

Every case has points (seed, x, y) and slope (2.5 and 97.5 % of the slopes of drawn points, by least squares), or a and b (seed, value) and
difference (of the means).
"""
import json

import numpy as np

DRAWS = 2000


def drawn(seeds):
    seeds = np.unique(seeds)
    for row in np.random.RandomState(1).randint(len(seeds), size=(DRAWS, len(seeds))):
        yield seeds[row]


def ends(values):
    values = [value for value in values if np.isfinite(value)]
    return list(np.percentile(values, [2.5, 97.5]))


def slope(points):
    points = np.asarray(points, float)
    slopes = []
    for seeds in drawn(points[:, 0]):
        sample = np.concatenate([points[points[:, 0] == seed] for seed in seeds])
        x, y = sample[:, 1], sample[:, 2]
        slopes.append(np.nan if x.min() == x.max() else np.polyfit(x - x.mean(), y, 1)[0])
    return {"points": points.tolist(), "slope": ends(slopes)}


def difference(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    differences = []
    for seeds in drawn(np.concatenate([a[:, 0], b[:, 0]])):
        one, other = (np.concatenate([side[side[:, 0] == seed, 1] for seed in seeds]) for side in (a, b))
        differences.append(one.mean() - other.mean() if len(one) and len(other) else np.nan)
    return {"a": a.tolist(), "b": b.tolist(), "difference": ends(differences)}


rng = np.random.RandomState(11)
of_seed = 0.01 * rng.randn(20)
crossed = [[1000 + s, np.log2(n), 0.6 - 0.004 * np.log2(n) + of_seed[s] + 0.005 * rng.randn()]
           for n in (50, 100, 200, 400) for s in range(8)]
print(json.dumps({
    "crossed slope": slope(crossed),
    "missing networks": slope([point for i, point in enumerate(crossed) if i not in (3, 9, 10, 30)]),
    "seeds of their own": slope([[i, n, 0.5 + 0.1 * n + 0.02 * rng.randn()] for i, n in enumerate([0.2, 0.2, 0.5, 0.5, 0.8, 0.8])]),
    "pairs": difference([[s, 0.6 + of_seed[s] + 0.004 * rng.randn()] for s in range(10)],
                        [[s, 0.59 + of_seed[s] + 0.004 * rng.randn()] for s in range(10)]),
    "some shared": difference([[s, 0.6 + of_seed[s]] for s in range(6)],
                              [[s, 0.59 + of_seed[s] + 0.004 * rng.randn()] for s in range(3, 8)]),
    "none shared": difference([[1, 0.61], [2, 0.6], [3, 0.63]], [[4, 0.58], [5, 0.57]]),
}, indent=1))
