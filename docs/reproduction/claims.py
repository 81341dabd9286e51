"""Every test that docs/reproduction.md names, from the tables beside this file: python3 docs/reproduction/claims.py

It needs pandas, SciPy and statsmodels. runs.csv and more.csv are the study (tools/studies/paper.toml), wider.csv its second plan
(tools/studies/wider.toml), both as `eirnn export` writes them; shuffled.csv is made by shuffled.py.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

HERE = Path(__file__).parent
THEORY = np.sqrt(0.5 - 0.5 / np.pi)
CONSTANT = {"and": 0.11558926991676577, "or": 0.2442419747320095, "xor": 0.22413448751486323}  # of the 50 test trials of data seed 3
EDGE, SEVENTH, HENRICI = "spectrum_outer_radius", "spectrum_outer_radius_published", "spectrum_henrici"
INITIAL = "spectrum_initial_outer_radius"


def table(*names):
    runs = pd.concat([pd.read_csv(HERE / name) for name in names], ignore_index=True)
    runs["balanced"] = runs.balanced.fillna(False).astype(bool)
    if "learned" not in runs:
        runs["learned"] = (runs.accuracy >= 0.99) & (runs.test_loss < runs.task.map(CONSTANT) / 2)
    runs["learned"] = runs.learned.astype(bool)
    return runs


def say(claim, test):
    print(f"{claim}\n    {test}")


def p(value):
    if np.isnan(value):
        return "no spread, no test"
    return f"p = {value:.2g}" if value >= 1e-5 else "p < 0.00001"


def slope(x, y, margin=0.05 * THEORY):
    """Slope with HC3 errors, the change over the whole range with its 90 % interval, and the larger p of two one-sided t tests."""
    fit = sm.OLS(np.asarray(y), sm.add_constant(np.asarray(x, float))).fit()
    error, span, freedom = fit.HC3_se[1], np.ptp(x), len(y) - 2
    change, reach = fit.params[1] * span, error * span
    t95, t90 = stats.t.ppf(0.975, freedom), stats.t.ppf(0.95, freedom)
    tost = max(stats.t.sf((change + margin) / reach, freedom), stats.t.sf((margin - change) / reach, freedom))
    return (f"{fit.params[1]:+.4f} [{fit.params[1] - t95 * error:+.4f}, {fit.params[1] + t95 * error:+.4f}] (n = {len(y)}, "
            f"{p(2 * stats.t.sf(abs(fit.params[1] / error), freedom))}); over the range {change:+.3f} "
            f"[{change - t90 * reach:+.3f}, {change + t90 * reach:+.3f}], TOST {p(tost)}")


def welch(a, b):
    if len(a) < 2 or len(b) < 2:
        return f"{len(a)} and {len(b)} networks: no test"
    return f"{np.mean(a):.3f} against {np.mean(b):.3f} (n = {len(a)}, {len(b)}), Welch {p(stats.ttest_ind(a, b, equal_var=False).pvalue)}"


def fisher(a, b):
    odds = stats.fisher_exact([[a.sum(), (~a).sum()], [b.sum(), (~b).sum()]])
    return f"{a.sum()} of {len(a)} against {b.sum()} of {len(b)}, Fisher {p(odds[1])}"


def within(runs, target, margin):
    """Two one-sided t tests of a mean."""
    mean, error, freedom = runs.mean(), runs.sem(), len(runs) - 1
    return f"{mean:.3f} ± {error:.3f} (n = {len(runs)}), TOST within ± 5 % of {target:.3f} " + p(
        max(stats.t.sf((mean - target + margin) / error, freedom), stats.t.sf((target + margin - mean) / error, freedom)))


def study(runs):
    dale = runs[runs.sign_axis != "none"]
    for init, shape in (("normal", "disc"), ("orthogonal", "ring")):
        chosen = runs[runs.init == init]
        right, all_ = (chosen.spectrum_shape == shape).sum(), len(chosen)
        low = stats.beta.ppf(0.025, right, all_ - right + 1)
        say(f"{init} start ends as {shape}", f"{right} of {all_}, 95 % interval (Clopper and Pearson) from {low:.3f}")
    say("radius under the constraint", f"7th modulus {dale[SEVENTH].min():.2f} to {dale[SEVENTH].max():.2f}, "
        f"edge {dale[EDGE].min():.2f} to {dale[EDGE].max():.2f}, "
        f"largest modulus {dale.spectrum_spectral_radius.min():.2f} to {dale.spectrum_spectral_radius.max():.2f}")
    plain = dale[(dale.task == "and") & (dale.sign_axis == "presynaptic") & ~dale.balanced]
    half = plain[plain.excitatory == 0.5]
    for init in ("orthogonal", "normal"):
        chosen, free = half[half.init == init], runs[(runs.sign_axis == "none") & (runs.init == init)]
        say(f"smaller than without the constraint, {init}", welch(chosen[chosen.units == 100][EDGE], free[EDGE]))
        for name, measure in (("edge", EDGE), ("7th modulus", SEVENTH), ("Henrici", HENRICI), ("outliers", "spectrum_outlier_count")):
            say(f"per doubling of N, {init}, {name}", slope(np.log2(chosen.units), chosen[measure]))
        for name, some in (("plain", plain), ("balanced", dale[dale.balanced & (dale.sign_axis == "presynaptic") & (dale.task == "and")])):
            chosen = some[(some.units == 100) & (some.init == init)]
            for measure in (EDGE, SEVENTH):
                say(f"per unit of f_E, {name}, {init}, {measure}", slope(chosen.excitatory, chosen[measure]))
    hundred = dale[(dale.task == "and") & (dale.sign_axis == "presynaptic") & (dale.units == 100)]
    for init in ("orthogonal", "normal"):
        some = hundred[hundred.balanced & (hundred.init == init)]
        say(f"per unit of f_E, balanced, {init}, edge before training and projection", slope(some.excitatory, some[INITIAL]))
        say(f"per unit of f_E, balanced, {init}, edge over that before", slope(some.excitatory, some[EDGE] / some[INITIAL]))
    for ratio in (0.6, 0.67, 0.7, 0.75, 0.8):
        some = hundred[np.isclose(hundred.excitatory, ratio)]
        say(f"learned at {ratio}, balanced against plain", fisher(some[some.balanced].learned, some[~some.balanced].learned))
    reference = half[half.units == 100]
    others = [(task, dale[dale.task == task]) for task in ("or", "xor")]
    for name, other in [*others, ("postsynaptic axis", dale[dale.sign_axis == "postsynaptic"])]:
        say(f"{name} against AND, edge", welch(other[EDGE], reference[EDGE]))
        say(f"{name} against AND, outliers", welch(other.spectrum_outlier_count, reference.spectrum_outlier_count))
        say(f"{name} against AND, learned", fisher(other.learned, reference.learned))
    say("edge over theory, constrained", within(dale[EDGE] / THEORY, 1.0, 0.05))
    stopped = runs.stopped == "loss"
    say("stopped before the last epoch", f"{stopped[runs.sign_axis == 'none'].sum()} of {(runs.sign_axis == 'none').sum()} unconstrained, "
        f"{stopped[runs.sign_axis != 'none'].sum()} of {len(dale)} constrained")


def second(runs, first):
    done = runs[runs.status == "done"]
    say("second plan", f"{len(done)} networks")
    gates = done[done.task.isin(["and", "or", "xor"]) & (done.sign_axis != "none") & (done.gain == 1) & (done.stop_loss < 1e-3)]
    for size in (50, 200):
        for init in ("orthogonal", "normal"):
            some = gates[gates.balanced & (gates.sign_axis == "presynaptic") & (gates.units == size) & (gates.init == init)]
            if len(some) > 4:
                say(f"ratio at N = {size}, balanced, {init}", slope(some.excitatory, some[EDGE]) + f"; {some.learned.sum()} learned")
                say(f"ratio at N = {size}, balanced, {init}, before training and projection", slope(some.excitatory, some[INITIAL]))
                say(f"ratio at N = {size}, balanced, {init}, edge over that before", slope(some.excitatory, some[EDGE] / some[INITIAL]))
    for balanced in (False, True):
        for init in ("orthogonal", "normal"):
            some = gates[(gates.sign_axis == "postsynaptic") & (gates.balanced == balanced) & (gates.init == init)]
            if len(some) > 4:
                say(f"ratio on the published axis, {'balanced' if balanced else 'plain'}, {init}",
                    slope(some.excitatory, some[EDGE]) + f"; learned {some.learned.sum()} of {len(some)}")
    for task in ("or", "xor", "perceptual-decision"):
        for init in ("orthogonal", "normal"):
            some = done[(done.task == task) & (done.init == init) & (done.density.fillna(1) == 1) & (done.sign_axis == "presynaptic")]
            some = pd.concat([some, first[(first.task == task) & (first.init == init)]])
            if some.units.nunique() > 1:
                say(f"per doubling of N, {task}, {init}", slope(np.log2(some.units), some[EDGE]) + f"; {some.learned.sum()} learned")
                say(f"per doubling of N, {task}, {init}, edge over that before", slope(np.log2(some.units), some[EDGE] / some[INITIAL]))
    data = done[(done.task == "and") & (done.units == 100) & (done.sign_axis == "presynaptic") & (done.gain == 1) & (done.stop_loss < 1e-3)
                & ~done.balanced & (done.excitatory == 0.5)]
    for init in ("orthogonal", "normal"):
        groups = [group[EDGE] for _, group in data[data.init == init].groupby("data_seed") if len(group) > 1]
        if len(groups) > 1:
            found = stats.f_oneway(*groups)
            learned = [group.learned for _, group in data[data.init == init].groupby("data_seed")]
            say(f"other data sets, {init}", f"means {', '.join(f'{group.mean():.3f}' for group in groups)}; F {found.statistic:.2f}, "
                f"{p(found.pvalue)}; learned {sum(one.sum() for one in learned)} of {sum(len(one) for one in learned)}")
    for init in ("orthogonal", "normal"):
        strong = done[np.isclose(done.gain, np.sqrt(2)) & (done.init == init)]
        if len(strong) > 1:
            say(f"gain √2, {init}",
                within(strong[EDGE] / THEORY / np.sqrt(2), 1.0, 0.05) + f"; learned {strong.learned.sum()} of {len(strong)}")
    for init in ("orthogonal", "normal"):
        weak = done[np.isclose(done.gain, THEORY) & (done.init == init)]
        same = first[(first.task == "and") & (first.sign_axis == "presynaptic") & (first.units == 100) & (first.excitatory == 0.5)
                     & (first.init == init)]
        if len(weak) > 1:
            say(f"unconstrained of gain 0.584 against constrained, {init}", "edge " + welch(weak[EDGE], same[EDGE]))
            say("    learned", fisher(weak.learned, same.learned))
            say("    log10 final loss", welch(np.log10(weak.final_loss), np.log10(same.final_loss)))
            say("    Henrici", welch(weak[HENRICI], same[HENRICI]))
            say("    outliers", welch(weak.spectrum_outlier_count, same.spectrum_outlier_count))
    matched = done[np.isclose(done.stop_loss, 0.01) & (done.stopped == "loss")]
    say("at one loss", f"{len(matched)} of {np.isclose(done.stop_loss, 0.01).sum()} reached 0.01; "
        f"final loss {matched.final_loss.min():.4f} to {matched.final_loss.max():.4f}" if len(matched) else "none")
    for axis in ("presynaptic", "none"):
        some = [matched[(matched.sign_axis == axis) & (matched.init == init)] for init in ("orthogonal", "normal")]
        for measure in (EDGE, HENRICI, "spectrum_outlier_count", "epochs_run"):
            say(f"at one loss, {axis}, orthogonal against normal, {measure}", welch(some[0][measure], some[1][measure]))
    field = done[done.density.fillna(1) < 1]
    for size, some in field.groupby("units"):
        ratio = some[EDGE] / some.spectrum_theory_outer_radius
        say(f"field's networks, N = {size}",
            f"edge over theory {ratio.mean():.3f} ± {ratio.sem():.3f} (n = {len(some)}), "
            f"outliers {some.spectrum_outlier_count.mean():.1f}, accuracy {some.accuracy.mean():.3f}")
    if field.units.nunique() > 1:
        say("field's networks, edge over theory per doubling of N",
            slope(np.log2(field.units), field[EDGE] / field.spectrum_theory_outer_radius, 0.05))


runs = table("runs.csv", "more.csv")
study(runs)
if (HERE / "wider.csv").exists():
    second(table("wider.csv"), runs)
shuffled = pd.read_csv(HERE / "shuffled.csv")
for init, some in shuffled.groupby("init"):
    say(f"trained against shuffled, {init}", f"{(some.edge - some.edge_shuffled).mean():+.3f}, paired t "
        + p(stats.ttest_rel(some.edge, some.edge_shuffled).pvalue))
