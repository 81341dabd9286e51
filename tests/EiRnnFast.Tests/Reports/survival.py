"""Times to an event by statsmodels, as JSON: what SurvivalCurveTests holds the report to.

Every case has groups (time, event). Every group's curve has times, at_risk, events, probability, error (Greenwood), the 95 % interval of
log(-log) as low and high (its formula stands here: statsmodels has none of single points), and median with its interval. log_rank has
chi square and p over the groups. Nothing is null. Cases with strata have groups within them and the stratified log-rank test only.
"""
import json

import numpy as np
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight, survdiff


def known(values):
    return [float(value) if np.isfinite(value) else None for value in np.atleast_1d(values)]


def curve(group):
    time, event = np.asarray(group, float).T
    result = {"watched": np.asarray(group, float).tolist()}
    if not event.any():
        return result | {"times": [], "at_risk": [], "events": [], "probability": [], "error": [], "low": [], "high": [],
                         "median": [None, None, None]}
    fit = SurvfuncRight(time, event)
    s, se = fit.surv_prob, fit.surv_prob_se
    reach = stats.norm.ppf(0.975) * se / (s * np.abs(np.log(s)))
    return result | {
        "times": known(fit.surv_times), "at_risk": known(fit.n_risk), "events": known(fit.n_events), "probability": known(s),
        "error": known(se), "low": known(s ** np.exp(reach)), "high": known(s ** np.exp(-reach)),
        "median": known([fit.quantile(0.5), *fit.quantile_ci(0.5, method="cloglog")]),
    }


def case(*groups):
    result = {"groups": [curve(group) for group in groups]}
    if len(groups) > 1:
        time, event = np.concatenate([np.asarray(group, float) for group in groups]).T
        label = np.concatenate([np.full(len(group), i) for i, group in enumerate(groups)])
        result["log_rank"] = [float(value) for value in survdiff(time, event, label)]
    return result


def stratified(strata):
    rows = [(time, event, label, stratum) for stratum, groups in enumerate(strata) for label, group in enumerate(groups)
            for time, event in group]
    time, event, label, stratum = np.asarray(rows, float).T
    return {"strata": strata, "log_rank": [float(value) for value in survdiff(time, event, label, strata=stratum)]}


rng = np.random.RandomState(5)


def drawn(count, scale, end):
    times = np.ceil(rng.exponential(scale, count))
    return [[min(time, end), float(time <= end)] for time in times]


freireich = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
censored = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
print(json.dumps({
    "remission": case([list(pair) for pair in zip(freireich, censored)], [[time, 1] for time in placebo]),
    "three groups": case(drawn(12, 20, 40), drawn(15, 30, 40), drawn(10, 60, 40)),
    "five groups with ties": case(*[drawn(8, scale, 12) for scale in (3, 4, 5, 8, 12)]),
    "one group never": case(drawn(9, 10, 30), [[30, 0]] * 6),
    "few reach it": case([[20, 1], [50, 0], [50, 0], [50, 0], [35, 1], [50, 0]]),
    "two strata": stratified([[drawn(8, 10, 30), drawn(9, 20, 30)], [drawn(10, 30, 60), drawn(7, 50, 60)]]),
    "three strata of three groups, one without one": stratified(
        [[drawn(6, 5, 20), drawn(6, 8, 20), drawn(6, 12, 20)], [drawn(5, 15, 40), [], drawn(7, 20, 40)],
         [drawn(6, 30, 50), drawn(8, 40, 50), drawn(5, 60, 50)]]),
    "one stratum": stratified([[drawn(12, 20, 40), drawn(15, 30, 40)]]),
    "all at once": case([[4, 1]] * 3, [[4, 1], [6, 1], [7, 1]]),
}, indent=1))
