"""Truncations of what training has added by NumPy, as JSON: what LearnedTruncationTests holds the engine to.
Run: python3 truncations.py > truncations.json

Weights, inputs and targets are whole numbers over powers of two from one generator, which the test has too: exact in single precision. The
first half of the units is inhibitory. W_k = P(W0) + the first k singular components of W - P(W0); states run in double precision.
"""
import json

import numpy as np

N, INPUTS, TRIALS, STEPS = 12, 2, 8, 15


def draws(seed):
    state = seed
    while True:
        state = (state * 1103515245 + 12345) % 2**31
        yield state // 2**16 % 17 - 8


def case(seed):
    numbers = draws(seed)

    def next_array(*shape):
        return np.array([next(numbers) for _ in range(np.prod(shape))], float).reshape(shape)

    signs = np.where(np.arange(N) < N // 2, -1, 1)[:, None]
    initial = next_array(N, N) / 32
    before = np.where(initial * signs < 0, 0, initial)
    w_in, bias, w_out = np.abs(next_array(INPUTS, N)) / 8, next_array(N) / 16, next_array(N, 1) / 8
    change = next_array(N, 1) @ next_array(1, N) / 512 + next_array(N, N) / 256
    after = np.where((before + change) * signs < 0, 0, before + change)
    x, y = next_array(TRIALS, STEPS, INPUTS) / 8, next_array(TRIALS, STEPS, 1) / 8
    u, s, v = np.linalg.svd(after - before)

    def loss(w):
        h, error = np.zeros((TRIALS, N)), 0
        for t in range(STEPS):
            h = np.tanh(x[:, t] @ w_in + h @ w + bias)
            error += ((h @ w_out - y[:, t]) ** 2).sum()
        return error / y.size

    ranks = []
    for k in range(N + 1):
        w = before + (u[:, :k] * s[:k]) @ v[:k]
        if k == N:
            w = after
        wrong, single = w * signs < 0, w.astype(np.float32).astype(float)
        ranks.append({"w": w.ravel().tolist(), "norm": np.sqrt((s[:k] ** 2).sum() / (s**2).sum()), "wrong_signs": wrong.mean(),
                      "removed_norm": np.linalg.norm(single[wrong]) / np.linalg.norm(single),
                      "loss": loss(w), "projected_loss": loss(np.where(wrong, 0, w))})
    return ranks


print(json.dumps({str(seed): case(seed) for seed in (1, 2)}))
