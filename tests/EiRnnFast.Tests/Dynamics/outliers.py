"""Eigenvectors and activity by SciPy and NumPy, as JSON: what OutlierActivityTests holds the engine to.

Run: python3 outliers.py > outliers.json

Weights and states follow from one generator of whole numbers, which the test has too: states are sums of few products, exact in single
precision. Planes are bases by QR here, components are those of numpy.cov, shares are traces of products of projections.
"""
import json

import numpy as np
import scipy.linalg

N, MOMENTS, SOURCES = 30, 80, 14


def draws(seed):
    state = seed
    while True:
        state = (state * 1103515245 + 12345) % 2**31
        yield state // 2**16 % 17 - 8


def basis(*vectors):
    parts = np.array([part for v in vectors for part in (v.real, v.imag) if np.abs(part).max() > 1e-12]).T
    return np.linalg.qr(parts)[0]


def overlap(q, states, axes, counts):
    p, c, m = q @ q.T, np.cov(states.T), states.mean(0)
    d = q.shape[1]
    return {"dimension": d, "in_components": [np.trace(p @ axes[:, :k] @ axes[:, :k].T) / d for k in counts],
            "variance": np.trace(p @ c) / np.trace(c), "mean": m @ p @ m / (m @ m)}


def case(seed):
    numbers = draws(seed)
    w = np.array([next(numbers) for _ in range(N * N)], float).reshape(N, N) / 20
    w[: N // 2] += 0.3
    source = np.array([next(numbers) for _ in range(MOMENTS * SOURCES)], float).reshape(MOMENTS, SOURCES)
    mixing = np.array([next(numbers) for _ in range(SOURCES * N)], float).reshape(SOURCES, N)
    states = (source * 2.0 ** -np.arange(SOURCES)) @ mixing
    assert (states == states.astype(np.float32)).all()
    values, left, right = scipy.linalg.eig(w, left=True, right=True)
    order = np.argsort(-np.abs(values), kind="stable")
    outliers = next(k for k in range(4, N) if abs(values[order[k - 1]]) > abs(values[order[k]]) + 1e-6)
    variances, axes = np.linalg.eigh(np.cov(states.T))
    variances, axes = variances[::-1], axes[:, ::-1]
    ninety = int(np.searchsorted(np.cumsum(variances) / variances.sum(), 0.9)) + 1
    counts = sorted({1, 2, 3, 5, 10, ninety})
    own = [k for k in order[:outliers] if values[k].imag >= 0]
    # SciPy's left vector v has vᴴ·W = λ·vᴴ: the pattern is its conjugate, which spans the same plane
    return {"outliers": outliers, "components": counts,
            "modes": [{"eigenvalue": [values[k].real, values[k].imag], "pattern": overlap(basis(left[:, k]), states, axes, counts),
                       "sensitivity": overlap(basis(right[:, k]), states, axes, counts)} for k in own],
            "patterns": overlap(basis(*left[:, own].T), states, axes, counts),
            "sensitivities": overlap(basis(*right[:, own].T), states, axes, counts)}


print(json.dumps({str(seed): case(seed) for seed in (1, 2, 3, 4)}, indent=1))
