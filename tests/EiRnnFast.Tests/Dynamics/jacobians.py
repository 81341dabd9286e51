"""Jacobians along trials and bifurcations of fixed points by NumPy and SciPy, as JSON: what JacobianTests and FixedPointCurveTests are
held to.

Derivatives are complex steps of the map itself, written here once more; eigenvalues and singular values are numpy's. The reach of theory's
region is a root by brentq. Bifurcations are roots of F(h; x) = h together with a condition on the eigenvalues.
"""
import json

import numpy as np
from scipy.optimize import brentq, fsolve

N, I, T, TRIALS, STEPS = 12, 2, 6, 2, (2, 5)
random = np.random.RandomState(3)


def single(values):
    return np.asarray(values, dtype=np.float32).astype(float)


SIGNS = np.repeat([-1.0, 1.0], N // 2)
W = single(1.6 / np.sqrt(N) * np.abs(random.randn(N, N)) * SIGNS[:, None])
W_IN = single(random.rand(I, N))
BIAS = single(random.rand(N) - 0.3)
INITIAL = single(random.rand(N))
X = single(random.rand(TRIALS, T, I))
ACTIVATIONS = {
    "Tanh": np.tanh,
    "Relu": lambda z: np.where(np.real(z) > 0, z, 0),
    "Softplus": lambda z: np.log(1 + np.exp(z)),
    "Sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "Linear": lambda z: z,
}
ALPHAS = {"none": np.ones(N), "leak": np.full(N, 0.3), "per unit": 0.1 + 0.9 * np.arange(N) / (N - 1)}


def step(f, form, alpha, h, x):
    if form == "Voltage" and np.any(alpha != 1):
        return (1 - alpha) * h + alpha * (f(h) @ W + x @ W_IN + BIAS)
    return (1 - alpha) * h + alpha * f(h @ W + x @ W_IN + BIAS)


def slopes(f, form, alpha, h, x):
    at = h if form == "Voltage" and np.any(alpha != 1) else h @ W + x @ W_IN + BIAS
    return np.imag(f(at + 1e-30j)) / 1e-30


def complex_steps(of, at):
    return np.array([np.imag(of(at + 1e-30j * unit)) / 1e-30 for unit in np.eye(len(at))])


def pairs(values):
    return [[float(z.real), float(z.imag)] for z in values]


def spectrum(f, form, alpha, h, x):
    jacobian = complex_steps(lambda state: step(f, form, alpha, state, x), h)
    of_input = complex_steps(lambda given: step(f, form, alpha, h, given), x)
    eigenvalues = np.linalg.eigvals(jacobian)
    variance = np.array([np.var(W[SIGNS == sign]) for sign in SIGNS])
    g, c = variance * (alpha * slopes(f, form, alpha, h, x)) ** 2, 1 - alpha
    g_moving, c_moving = g[g > 0], c[g > 0]
    low, high = np.max(c + np.sqrt(g)), np.max(c) + np.sqrt(g.sum()) + 1e-9

    def excess(r):
        return np.sum(g_moving / (r - c_moving) ** 2) - 1

    reach = brentq(excess, low, high, xtol=1e-15, rtol=1e-15) if excess(low) > 0 else low
    distance = np.abs(eigenvalues[:, None] - c[None, :])
    inside = [np.any(row <= 1e-12) or np.sum(g / np.maximum(row, 1e-300) ** 2) >= 1 for row in distance]
    return {
        "eigenvalues": pairs(eigenvalues), "radius": float(np.max(np.abs(eigenvalues))), "abscissa": float(np.max(eigenvalues.real)),
        "gains": [float(s) for s in np.linalg.svd(of_input, compute_uv=False)], "reach": float(reach), "inside": float(np.mean(inside)),
    }


def case(activation, form, name):
    f, alpha, found = ACTIVATIONS[activation], ALPHAS[name], []
    is_plain = form == "Voltage" and np.all(alpha == 1)
    for x in X:
        h = f(INITIAL) if is_plain else INITIAL
        for t in range(T):
            if t in STEPS:
                found.append(spectrum(f, form, alpha, h, x[t]))
            h = step(f, form, alpha, h, x[t])
    return found


def pair_map(weights, w_in, h, x):
    return np.tanh(h @ weights + x * w_in)


def pair_jacobian(weights, w_in, h, x):
    return weights * (1 - pair_map(weights, w_in, h, x) ** 2)[None, :]


def bifurcations(weights, w_in, condition):
    """Roots (x, h, critical eigenvalue) of F = h and the condition, x within (0, 1), from many starts."""
    weights, w_in, found = single(weights), single(w_in), []
    starts = np.random.RandomState(1)
    for _ in range(400):
        start = np.append(2 * starts.rand(2) - 1, starts.rand())

        def system(u):
            return np.append(pair_map(weights, w_in, u[:2], u[2]) - u[:2], condition(pair_jacobian(weights, w_in, u[:2], u[2])))

        u, _, flag, _ = fsolve(system, start, xtol=1e-14, full_output=True)
        if np.max(np.abs(system(u))) < 1e-13 and 0 < u[2] < 1 and not any(np.max(np.abs(u - old)) < 1e-6 for old in found):
            found.append(u)
    return [[float(value) for value in u] for u in sorted(found, key=lambda u: u[2])]


def neimark_sacker(jacobian):  # det J = 1 with complex eigenvalues
    return np.linalg.det(jacobian) - 1 + max(0, np.trace(jacobian) ** 2 - 4 * np.linalg.det(jacobian))


PAIRS = {
    "fold": ([[1.8, 0.7], [-0.6, 1.5]], [1.6, -0.9], lambda j: np.linalg.det(np.eye(2) - j)),
    "flip": ([[-2.1, 0.5], [0.3, -0.4]], [3.5, 0.8], lambda j: np.linalg.det(np.eye(2) + j)),
    "neimark-sacker": ([[1.0, 1.3], [-1.3, 0.9]], [2.2, 1.5], neimark_sacker),
}

print(json.dumps({
    "w": W.tolist(), "w_in": W_IN.tolist(), "bias": BIAS.tolist(), "initial": INITIAL.tolist(), "x": X.tolist(), "steps": len(STEPS),
    "cases": {f"{activation} {form} {name}": case(activation, form, name)
              for activation in ACTIVATIONS for form in ("Rate", "Voltage") for name in ALPHAS},
    "bifurcations": {name: {"w": weights, "w_in": w_in, "roots": bifurcations(weights, w_in, condition)}
                     for name, (weights, w_in, condition) in PAIRS.items()},
}))
