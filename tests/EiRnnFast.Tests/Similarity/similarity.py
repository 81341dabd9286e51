"""Measures of similarity by SciPy and NumPy, as JSON: what SimilarityTests holds the engine to.

Activities are float32 of numpy.random.RandomState(case), so that the test draws the same ones: a mix of slow and fast oscillations.
cases: linear CKA (Kornblith 2019, from Gram matrices), debiased CKA (Song 2012, from Gram matrices), Procrustes by scipy.spatial where the
dimensions agree, else with zeros added, the shape angle (Williams 2021), canonical correlations of the components that hold 99 %, principal
angles by scipy.linalg.subspace_angles, the alignment index (Elsayed 2016).
dmd: the matrix of Ostrow et al. 2023 from the delay embedding (numpy.linalg.svd, numpy.linalg.lstsq), up to the signs of the vectors.
alignments: least ‖A − C·B·Cᵀ‖ of random pairs, normalised, by scipy.optimize.minimize (L-BFGS-B over Cayley's map) from 40 starts.
transport: the mean distance by scipy.optimize.linear_sum_assignment (of replicas for sets of different size).
clusters: scipy.cluster.hierarchy. separation: PERMANOVA and ANOSIM by the formulas of scikit-bio, all ways tried.
"""
import itertools
import json

import numpy as np
from scipy import linalg, optimize
from scipy.cluster import hierarchy
from scipy.spatial import procrustes
from scipy.spatial.distance import squareform
from scipy.stats import rankdata


def activity(random, moments, units, rank):
    t = np.arange(moments)[:, None] / moments
    phase, speed = random.random_sample((2, 1, rank))
    latent = np.sin(2 * np.pi * (phase + (1 + 8 * speed) * t)) * (0.5 ** np.arange(rank))
    mixed = latent @ (random.random_sample((rank, units)) - 0.5) + 0.02 * (random.random_sample((moments, units)) - 0.5)
    return mixed.astype(np.float32)


def unbiased(k, l):
    n = len(k)
    k, l = k - np.diag(np.diag(k)), l - np.diag(np.diag(l))
    one = np.ones(n)
    return (np.sum(k * l) + one @ k @ one * (one @ l @ one) / ((n - 1) * (n - 2)) - 2 / (n - 2) * (one @ k @ l @ one)) / (n * (n - 3))


def case(seed, moments, units, others):
    random = np.random.RandomState(seed)
    x, y = activity(random, moments, units, 5), activity(random, moments, others, 5)
    x, y = x.astype(float), y.astype(float)
    cx, cy = x - x.mean(0), y - y.mean(0)
    k, l = cx @ cx.T, cy @ cy.T
    width = max(units, others)
    px, py = (np.pad(z, ((0, 0), (0, width - z.shape[1]))) for z in (cx, cy))
    (u, s, _), (v, t, _) = (np.linalg.svd(z, full_matrices=False) for z in (cx, cy))
    a, b = (int(np.searchsorted(np.cumsum(w ** 2) / np.sum(w ** 2), 0.99)) + 1 for w in (s, t))
    nuclear = np.linalg.svd(cx.T @ cy, compute_uv=False).sum() / np.linalg.norm(cx) / np.linalg.norm(cy)
    return {
        "seed": seed, "moments": moments, "units": units, "others": others,
        "singular_values": s.tolist(),
        "cka": np.sum(k * l) / np.sqrt(np.sum(k * k) * np.sum(l * l)),
        "debiased_cka": unbiased(k, l) / np.sqrt(unbiased(k, k) * unbiased(l, l)),
        "procrustes": procrustes(px, py)[2], "shape_angle": float(np.arccos(nuclear)),
        "canonical": np.linalg.svd(u[:, :a].T @ v[:, :b], compute_uv=False).tolist(),
        "angles": linalg.subspace_angles(u[:, :3], v[:, :3]).tolist(),
        "alignment_index": float(np.sum((u[:, :3].T @ cy) ** 2) / np.sum(t[:3] ** 2)),
    }


def dmd(seed, trials, steps, channels, delays, interval, rank):
    random = np.random.RandomState(seed)
    series = np.stack([activity(random, steps, channels, 4) for _ in range(trials)]).astype(float)
    length = steps - (delays - 1) * interval
    hankel = np.concatenate([series[:, (delays - 1 - d) * interval:][:, :length] for d in range(delays)], axis=2)
    v = np.linalg.svd(hankel.reshape(trials * length, -1), full_matrices=False)[0][:, :rank].reshape(trials, length, rank)
    before, after = v[:, :-1].reshape(-1, rank), v[:, 1:].reshape(-1, rank)
    matrix = np.linalg.lstsq(before, after, rcond=None)[0].T
    values = np.linalg.eigvals(matrix)
    values = values[np.lexsort((values.imag.round(9), values.real.round(9)))]
    return {"seed": seed, "trials": trials, "steps": steps, "channels": channels, "delays": delays, "interval": interval, "rank": rank,
            "absolute": np.abs(matrix).ravel().tolist(), "eigenvalues": [[z.real, z.imag] for z in values]}


def least(seed, n):
    random = np.random.RandomState(seed)
    a, b = random.random_sample((2, n, n)) - 0.5
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    lower = np.tril_indices(n, -1)

    def aligned(x, start):
        omega = np.zeros((n, n))
        omega[lower] = x
        half = (omega - omega.T) / 2
        left = np.linalg.inv(np.eye(n) - half)
        c = left @ (np.eye(n) + half) @ start
        difference = a - c @ b @ c.T
        slope = -2 * (difference @ c @ b.T + difference.T @ c @ b)  # by C
        inner = left.T @ slope @ (start.T @ (np.eye(n) + half).T @ left.T + start.T) / 2
        return np.sum(difference ** 2), (inner - inner.T)[lower]

    best = np.inf
    for k in range(40):
        start = np.linalg.qr(random.random_sample((n, n)) - 0.5)[0]
        if k % 2:
            start[:, 0] = -start[:, 0]
        best = min(best, optimize.minimize(aligned, np.zeros(len(lower[0])), args=(start,), jac=True, method="L-BFGS-B",
                                           bounds=[(-6, 6)] * len(lower[0]), options={"gtol": 1e-10, "ftol": 1e-15}).fun)
    return {"seed": seed, "n": n, "distance": float(np.sqrt(best))}


def transport(seed, n, m):
    random = np.random.RandomState(seed)
    x, y = random.random_sample((n, 2)) - 0.5, random.random_sample((m, 2)) - 0.4
    common = np.lcm(n, m)
    costs = np.abs((x @ [1, 1j])[:, None] - (y @ [1, 1j])[None])
    costs = np.repeat(np.repeat(costs, common // n, 0), common // m, 1)
    return {"seed": seed, "n": n, "m": m, "distance": float(costs[optimize.linear_sum_assignment(costs)].mean())}


def statistics(d, groups):
    n, sizes = len(d), np.bincount(groups)
    i, j = np.triu_indices(n, 1)
    pairs, same = d[i, j], groups[i] == groups[j]
    total = np.sum(pairs ** 2) / n
    within = np.sum((pairs ** 2 / sizes[groups[i]])[same])
    ranks = rankdata(pairs)
    return ((total - within) / (within / (n - 2)), (ranks[~same].mean() - ranks[same].mean()) / (n * (n - 1) / 4),
            pairs[same].mean(), pairs[~same].mean())


def clustered(seed, n, second):
    random = np.random.RandomState(seed)
    points = random.random_sample((n, 3))
    points[n - second:] += 0.3
    if seed % 2:
        points = np.round(points, 1)  # equal distances, for ranks
    d = np.linalg.norm(points[:, None] - points[None], axis=2)
    groups = np.repeat([0, 1], [n - second, second])
    f, r, near, far = statistics(d, groups)
    ways = [np.isin(np.arange(n), chosen).astype(int) for chosen in itertools.combinations(range(n), second)]
    others = np.array([statistics(d, way)[:2] for way in ways])
    result = {"seed": seed, "n": n, "second": second, "distances": d.ravel().tolist(), "pseudo_f": f, "anosim_r": r,
              "within": near, "between": far,
              "p_f": float(np.mean(others[:, 0] >= f * (1 - 1e-12))), "p_r": float(np.mean(others[:, 1] >= r - 1e-12)), "ways": len(ways)}
    if seed % 2 == 0:
        tree = hierarchy.linkage(squareform(d, checks=False), method="average")
        result |= {"tree": tree.tolist(), "leaves": hierarchy.leaves_list(tree).tolist()}
    return result


print(json.dumps({
    "cases": [case(1, 400, 12, 12), case(2, 300, 20, 7), case(3, 500, 5, 30), case(4, 60, 80, 80), case(5, 2000, 100, 100)],
    "dmd": [dmd(1, 1, 200, 3, 4, 1, 5), dmd(2, 6, 80, 5, 3, 2, 6), dmd(3, 20, 60, 4, 1, 1, 4)],
    "alignments": [least(seed, n) for seed, n in enumerate([2, 3, 3, 4, 4, 5, 5, 5, 6, 6, 6, 7, 7, 8, 8, 8, 9, 9, 10, 10])],
    "transport": [transport(1, 6, 6), transport(2, 100, 100), transport(3, 4, 6), transport(4, 30, 50), transport(5, 7, 1),
                  transport(6, 9, 10), transport(7, 64, 48)],
    "clusters": [clustered(2, 9, 4), clustered(3, 8, 4), clustered(4, 12, 5), clustered(5, 7, 2), clustered(6, 13, 5)],
}, allow_nan=False))
