"""Comparisons of two samples by SciPy, as JSON: what TwoSamplesTests holds the tests to.

Every case has the samples a and b, welch (difference, standard error, degrees of freedom, t, p, 95 % interval), permutation (p, exact,
arrangements), hedges (g and its 95 % interval by inverting the noncentral t) and superiority (Mann and Whitney's U over n m). Where a
and b have as many values, it has paired (as welch) and signs (as permutation), too. Where there are too many arrangements, the p value is
that of the draws of numpy.random.RandomState(1), since SciPy has draws of its own.
"""
import json
import math

import numpy as np
from scipy import optimize, special, stats

MOST, DRAWS = 20000, 9999


def noncentral_cdf(t, df, delta):
    """By quadrature of the normal distribution over chi: another way than the series that the program sums."""
    def inner(s):
        return special.ndtr(t * s - delta) * np.exp(
            math.log(2) + df / 2 * math.log(df / 2) - special.gammaln(df / 2) + (df - 1) * np.log(s) - df * s * s / 2)
    top = 1 + 12 / math.sqrt(df)
    edges = np.linspace(0, top, 65)
    nodes, weights = np.polynomial.legendre.leggauss(60)
    total = 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        total += (high - low) / 2 * np.sum(weights * inner((high + low) / 2 + (high - low) / 2 * nodes))
    return total


def hedges(a, b):
    n, m = len(a), len(b)
    df = n + m - 2
    pooled = math.sqrt(((n - 1) * a.var(ddof=1) + (m - 1) * b.var(ddof=1)) / df)
    j = math.exp(special.gammaln(df / 2) - special.gammaln((df - 1) / 2)) / math.sqrt(df / 2)
    scale = math.sqrt(1 / n + 1 / m)
    d = (a.mean() - b.mean()) / pooled
    t = d / scale
    assert abs(t - stats.ttest_ind(a, b).statistic) < 1e-9 * (1 + abs(t))

    def end(probability):
        reach = 4.0
        while noncentral_cdf(t, df, t - reach) < probability or noncentral_cdf(t, df, t + reach) > probability:
            reach *= 2
        root = optimize.brentq(lambda x: noncentral_cdf(t, df, x) - probability, t - reach, t + reach, xtol=1e-13, rtol=1e-14)
        assert abs(stats.nct.cdf(t, df, root) - probability) < 1e-6  # SciPy's own is less exact
        return j * scale * root
    return [j * d, end(0.975), end(0.025)]


def welch(a, b):
    test = stats.ttest_ind(a, b, equal_var=False)
    u, v = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    df = (u + v) ** 2 / (u ** 2 / (len(a) - 1) + v ** 2 / (len(b) - 1))
    difference, error = a.mean() - b.mean(), math.sqrt(u + v)
    reach = quantile(df) * error
    assert abs(2 * stats.t.sf(abs(test.statistic), df) - test.pvalue) < 1e-12
    return [difference, error, df, test.statistic, test.pvalue, difference - reach, difference + reach]


def paired(a, b):
    test = stats.ttest_rel(a, b)
    difference, error = (a - b).mean(), stats.sem(a - b)
    reach = quantile(len(a) - 1) * error
    assert np.allclose(test.confidence_interval(0.95), [difference - reach, difference + reach], rtol=1e-7)
    return [difference, error, len(a) - 1, test.statistic, test.pvalue, difference - reach, difference + reach]


def quantile(df):
    """Of Student's t at 0.975; SciPy's ppf alone is 2e-9 off."""
    start = stats.t.ppf(0.975, df)
    return optimize.brentq(lambda x: special.betainc(df / 2, 0.5, df / (df + x * x)) - 0.05, start * 0.999, start * 1.001, xtol=1e-14)


def permutation(a, b):
    count = special.comb(len(a) + len(b), min(len(a), len(b)), exact=True)
    if count <= MOST:
        test = stats.permutation_test((a, b), lambda x, y, axis: x.mean(axis) - y.mean(axis), vectorized=True, n_resamples=np.inf)
        return [test.pvalue, 1, count]
    small, large = (a, b) if len(a) <= len(b) else (b, a)
    values, random = np.concatenate([small, large]), np.random.RandomState(1)
    observed, tie, low, high = small.sum(), 1e-12 * np.abs(values).sum(), 0, 0
    for _ in range(DRAWS):
        for i in range(len(small)):
            other = i + random.randint(len(values) - i)
            values[i], values[other] = values[other], values[i]
        drawn = values[:len(small)].sum()
        low, high = low + (drawn <= observed + tie), high + (drawn >= observed - tie)
    return [min(1.0, 2 * (min(low, high) + 1) / (DRAWS + 1)), 0, DRAWS]


def signs(a, b):
    differences = a - b
    if 2 ** len(a) <= MOST:
        test = stats.permutation_test((a, b), lambda x, y, axis: (x - y).mean(axis), vectorized=True, permutation_type="samples",
                                      n_resamples=np.inf)
        return [test.pvalue, 1, 2 ** len(a)]
    random = np.random.RandomState(1)
    observed, tie, low, high = differences.sum(), 1e-12 * np.abs(differences).sum(), 0, 0
    for _ in range(DRAWS):
        drawn = sum(value if random.randint(2) else -value for value in differences)
        low, high = low + (drawn <= observed + tie), high + (drawn >= observed - tie)
    return [min(1.0, 2 * (min(low, high) + 1) / (DRAWS + 1)), 0, DRAWS]


def case(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    u = stats.mannwhitneyu(a, b).statistic
    result = {"a": a.tolist(), "b": b.tolist(), "welch": welch(a, b), "permutation": permutation(a, b), "hedges": hedges(a, b),
              "superiority": u / len(a) / len(b)}
    if len(a) == len(b):
        result |= {"paired": paired(a, b), "signs": signs(a, b)}
    return result


rng = np.random.RandomState(7)
shared = rng.randn(30)
print(json.dumps({
    "two and two": case([0.61, 0.58], [0.55, 0.53]),
    "five seeds": case(0.6 + 0.01 * (shared[:5] + 0.4 * rng.randn(5)), 0.59 + 0.01 * shared[:5]),
    "unequal spreads and sizes": case(0.6 + 0.002 * rng.randn(9), 0.61 + 0.03 * rng.randn(4)),
    "no difference": case(rng.randn(6), rng.randn(7)),
    "fourteen pairs": case(0.6 + 0.01 * (shared[:14] + rng.randn(14)), 0.595 + 0.01 * shared[:14]),
    "thirty pairs": case(2 + 0.1 * (shared + rng.randn(30)), 1.98 + 0.1 * shared),
    "twenty against thirty": case(5 + rng.randn(20), 4.2 + 2 * rng.randn(30)),
    "far apart": case(10 + 0.1 * rng.randn(5), 6 + 0.1 * rng.randn(6)),
    "whole numbers with ties": case([1, 2, 2, 3, 5, 5], [2, 3, 3, 4, 6, 5]),
}, indent=1))
