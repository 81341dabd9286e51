"""The alignment index unit by unit (Elsayed et al. 2016) by NumPy, as JSON: what UnitAlignmentTests holds the engine to.
Run: python3 alignments.py > alignments.json

States are sums of few products of whole numbers from one generator, which the test has too: exact in single precision. The mean over
renamings of units within populations is taken over every permutation.
"""
import itertools
import json

import numpy as np

MOMENTS, SOURCES = 40, 5


def draws(seed):
    state = seed
    while True:
        state = (state * 1103515245 + 12345) % 2**31
        yield state // 2**16 % 17 - 8


def activity(numbers, units):
    source = np.array([next(numbers) for _ in range(MOMENTS * SOURCES)], float).reshape(MOMENTS, SOURCES)
    mixing = np.array([next(numbers) for _ in range(SOURCES * units)], float).reshape(SOURCES, units) + 6
    return (source * 2.0 ** -np.arange(SOURCES)) @ mixing


def leading(states, d):
    return np.linalg.eigh(np.cov(states.T))[1][:, ::-1][:, :d]


def case(seed, inhibitory, others, d):
    numbers, n = draws(seed), inhibitory + others
    one, other = activity(numbers, n), activity(numbers, n)
    c, axes = np.cov(one.T), leading(other, d)
    most = np.sort(np.linalg.eigvalsh(c))[::-1][:d].sum()
    ways = [list(first) + list(second) for first in itertools.permutations(range(inhibitory))
            for second in itertools.permutations(range(inhibitory, n))]
    return {"seed": seed, "inhibitory": inhibitory, "others": others, "components": d, "index": np.trace(axes.T @ c @ axes) / most,
            "random": d * np.trace(c) / n / most,
            "relabelled": np.mean([np.trace(axes.T @ c[np.ix_(way, way)] @ axes) for way in ways]) / most}


print(json.dumps([case(1, 3, 5, 3), case(2, 4, 4, 2), case(3, 0, 6, 3), case(4, 1, 6, 1), case(5, 2, 2, 3)], indent=1))
