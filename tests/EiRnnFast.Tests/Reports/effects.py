"""Effects of the designs in effects.csv by statsmodels and SciPy, as JSON: what EffectTests holds the report to.

Prints, for every design: terms (factors, df, sum of squares, F, p, partial eta squared with its 90 % interval, partial omega squared),
error (df, mean square), holm (of the terms), slope (on log2 N: slope, standard error, 95 % interval, p), robust (the last four with the
errors HC3) and interval (of the mean of all values: 95 % by t, then by the percentile bootstrap).
"""
import itertools
import json
import sys

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from scipy import optimize, special, stats
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.multitest import multipletests


def noncentral_cdf(f, df, error, noncentrality):
    if noncentrality == 0:
        return stats.f.cdf(f, df, error)
    j = np.arange(0, int(noncentrality / 2 + 20 * np.sqrt(noncentrality + 10) + 50))
    weights = stats.poisson.pmf(j, noncentrality / 2)
    return float(np.sum(weights * special.betainc(df / 2 + j, error / 2, df * f / (df * f + error))))


def eta_end(f, df, error, probability):
    if noncentral_cdf(f, df, error, 0) <= probability:
        return 0.0
    high = max(1.0, 2 * df * f)
    while noncentral_cdf(f, df, error, high) > probability:
        high *= 2
    root = optimize.brentq(lambda value: noncentral_cdf(f, df, error, value) - probability, 0, high, xtol=1e-13, rtol=1e-14)
    return root / (root + df + error + 1)


def analyse(data):
    factors = [name for name in ("init", "units", "excitatory") if data[name].nunique() > 1]
    name_of = {term: ":".join(f"C({name})" for name in term)
               for order in range(1, len(factors) + 1) for term in itertools.combinations(factors, order)}
    full = smf.ols("value ~ " + " + ".join(name_of.values()), data).fit()
    error_df, error_ms = full.df_resid, full.mse_resid
    full_rank = np.linalg.matrix_rank(full.model.exog) == full.model.exog.shape[1]
    table = anova_lm(full, typ=2) if full_rank else None
    terms = []
    for term, name in name_of.items():
        others = [other for key, other in name_of.items() if not set(term) <= set(key)]
        smaller = smf.ols("value ~ " + (" + ".join(others) or "1"), data).fit()
        larger = smf.ols("value ~ " + " + ".join(others + [name]), data).fit()
        df, ss = round(smaller.df_resid - larger.df_resid), smaller.ssr - larger.ssr
        if df == 0:
            continue
        f = ss / df / error_ms
        if table is not None:  # the library's own type II, where it has no empty combination to stumble over
            assert abs(table.loc[name, "F"] / f - 1) < 1e-8 and table.loc[name, "df"] == df
            f, ss = table.loc[name, "F"], table.loc[name, "sum_sq"]
        terms.append([list(term), df, ss, f, stats.f.sf(f, df, error_df), ss / (ss + full.ssr), eta_end(f, df, error_df, 0.95),
                      eta_end(f, df, error_df, 0.05), (ss - df * error_ms) / (ss + (len(data) - df) * error_ms)])
    line = smf.ols("value ~ x", data.assign(x=np.log2(data.units))).fit()
    robust = smf.ols("value ~ x", data.assign(x=np.log2(data.units))).fit(cov_type="HC3", use_t=True)
    values = data.value.to_numpy()
    draws = np.random.RandomState(1).randint(len(values), size=(2000, len(values)))
    return {
        "terms": terms, "error": [error_df, error_ms],
        "holm": list(multipletests([term[4] for term in terms], method="holm")[1]),
        "slope": [line.params["x"], line.bse["x"], *line.conf_int().loc["x"], line.pvalues["x"]],
        "robust": [robust.bse["x"], *robust.conf_int().loc["x"], robust.pvalues["x"]],
        "interval": [*stats.t.interval(0.95, len(values) - 1, values.mean(), stats.sem(values)),
                     *np.percentile(values[draws].mean(axis=1), [2.5, 97.5])],
    }


designs = pd.read_csv(sys.argv[1]).groupby("design", sort=False)
print(json.dumps({name: analyse(data) for name, data in designs}, indent=1))
