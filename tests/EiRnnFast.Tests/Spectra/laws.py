"""What SciPy and NumPy say of five matrices of 30 units: laws.json. Run: python3 laws.py > laws.json"""

import json

import numpy as np
import scipy.linalg
import scipy.stats

N = 30


def draws(seed):
    state = seed
    while True:
        state = (state * 1103515245 + 12345) % 2**31
        yield state / 2**31 - 0.5


def matrix(kind):
    numbers = draws(len(kind))
    w = np.array([next(numbers) for _ in range(N * N)]).reshape(N, N)
    if kind == "signed":
        w = np.abs(w) * np.where(np.arange(N) < 10, -2, 1)[:, None]
    if kind == "sparse":
        w[np.abs(w) < 0.35] = 0
    if kind == "elliptic":
        w = w + 0.6 * w.T
    if kind == "two areas":
        same = np.equal.outer(np.arange(N) < 15, np.arange(N) < 15)
        w = w + np.where(same, 2.0, 0.0)
    return w


def variance_law(w):
    x = w / np.abs(w).max()
    x = x - x.mean(0) - x.mean(1)[:, None] + x.mean()
    components = 0
    u, s, v = np.linalg.svd(x)
    while components < 4 and s[components] > 1.5 * s[components + 1]:
        if min(1 / (u[:, components] ** 4).sum(), 1 / (v[components] ** 4).sum()) < 0.2 * N:
            break
        components += 1
    x = x - (u[:, :components] * s[:components]) @ v[:components]
    kurtosis = (x**4).mean() / (x**2).mean() ** 2
    off = ~np.eye(N, dtype=bool)
    tau = (x * x.T)[off].sum() / (x * x)[off].sum()
    squares = x * x * (N / (N - 1)) ** 2 * N**2 / (N**2 - 2 * components * N + components**2)
    values, left, right = scipy.linalg.eig(squares, left=True, right=True)
    k = values.real.argmax()
    root, shares = values[k].real, np.outer(left[:, k], right[:, k]).real * squares
    shares /= left[:, k].real @ right[:, k].real * root
    counts = abs(tau) > 4 / N
    units = (left[:, k].real * right[:, k].real) / (left[:, k].real @ right[:, k].real)
    x2 = x * x / (x * x).mean()
    drawn = sum(np.clip(x2.mean(axis).var(ddof=1) - x2.var() / N, 0, 6 / N) for axis in (0, 1))
    entries = (shares**2).sum() * max(kurtosis - 1, 0.3) / kurtosis
    error = np.hypot(np.sqrt(entries + drawn * (units**2).sum()) / 2, np.sqrt(2) / N if counts else 0)
    return {"edge": np.sqrt(root) * (1 + abs(tau) if counts else 1) * np.abs(w).max(), "relative_error": error, "ellipticity": tau,
            "kurtosis": kurtosis, "components": components}


def modes(w):
    values, left, right = scipy.linalg.eig(w, left=True, right=True)
    return [{"eigenvalue": [z.real, z.imag], "overlap": 1 / abs(np.vdot(left[:, k], right[:, k])) ** 2,
             "pattern": 1 / (np.abs(left[:, k]) ** 4).sum(), "sensitivity": 1 / (np.abs(right[:, k]) ** 4).sum()}
            for k, z in enumerate(values)]


def angles(w):
    values = np.linalg.eigvals(w)  # the whole spectrum: outliers are what the engine says
    return sorted((np.angle(z) / np.pi, abs(z)) for z in values if z.imag > 0)


result = {}
for kind in ("uniform", "signed", "sparse", "elliptic", "two areas"):
    w = matrix(kind)
    pairs = angles(w)
    other = matrix("uniform") / 2
    difference = w - other
    result[kind] = {"law": variance_law(w), "modes": modes(w),
                    "even": scipy.stats.kstest([angle for angle, _ in pairs], "uniform").statistic,
                    "singular": np.linalg.svd(difference)[1].tolist(),
                    "relative_norm": np.linalg.norm(difference) / np.linalg.norm(other),
                    "moduli": scipy.stats.kstest(np.abs(np.linalg.eigvals(w)) / 5, lambda r: np.clip(r, 0, 1) ** 2).statistic}
print(json.dumps(result))
