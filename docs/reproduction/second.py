"""The figure of the second plan in docs/reproduction.md, from the tables beside this file: python3 docs/reproduction/second.py

It needs pandas, SciPy and Matplotlib, and writes second.svg.
"""

from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd

matplotlib.use("Agg")
matplotlib.rcParams.update({"svg.hashsalt": "second", "font.size": 8, "axes.spines.top": False, "axes.spines.right": False})
import matplotlib.pyplot as plt  # noqa: E402
from scipy import stats  # noqa: E402

HERE = Path(__file__).parent
THEORY = np.sqrt(0.5 - 0.5 / np.pi)
EDGE, INITIAL = "spectrum_outer_radius", "spectrum_initial_outer_radius"
COLOURS = {"orthogonal": "#0072b2", "normal": "#d55e00"}
MARKS = {"and": "o", "or": "s", "xor": "^", "perceptual-decision": "D"}


def draw(axes, x, values, label, colour, mark, line="-"):
    """Means with 95 % intervals (t) over networks, where there are three or more."""
    groups = [(at, group) for at, group in values.groupby(x) if len(group) > 2]
    means = [group.mean() for _, group in groups]
    reach = [group.sem() * stats.t.ppf(0.975, len(group) - 1) for _, group in groups]
    axes.errorbar([at for at, _ in groups], means, reach, label=label, color=colour, marker=mark, markersize=4, linewidth=1, linestyle=line,
                  capsize=2)


first = pd.concat([pd.read_csv(HERE / "runs.csv"), pd.read_csv(HERE / "more.csv")])
second = pd.read_csv(HERE / "wider.csv")
runs = pd.concat([first.assign(gain=1.0, stop_loss=9e-5, density=1.0), second], ignore_index=True)
runs["balanced"] = runs.balanced.fillna(False).astype(bool)
runs = runs[(runs.status == "done") & (runs.sign_axis != "none") & (runs.gain == 1) & (runs.stop_loss < 1e-3) & (runs.density == 1)]
published, dale = runs[runs.sign_axis == "postsynaptic"], runs[runs.sign_axis == "presynaptic"]
figure, (size, ratio, axis) = plt.subplots(1, 3, figsize=(11, 3.6), sharey=True)
half = dale[(dale.excitatory == 0.5) & ~dale.balanced]
for init, colour in COLOURS.items():
    for task, mark in MARKS.items():
        some = half[(half.task == task) & (half.init == init)]
        shift = 1.03 ** (list(MARKS).index(task) + 4 * (init == "normal") - 3.5)
        draw(size, some.units * shift, some[EDGE], f"{task}, {init}", colour, mark)
    for units, mark in ((50, "o"), (100, "s"), (200, "^")):
        some = dale[dale.balanced & (dale.init == init) & (dale.units == units)]
        draw(ratio, some.excitatory, some[EDGE], f"N = {units}, {init}", colour, mark)
    some = dale[dale.balanced & (dale.init == init) & (dale.units == 50)]
    draw(ratio, some.excitatory, some[INITIAL] * THEORY, f"N = 50, {init}, before · 0.584", colour, "x", ":")
    for balanced, mark in ((False, "o"), (True, "s")):
        some = published[(published.balanced == balanced) & (published.init == init)]
        draw(axis, some.excitatory, some[EDGE], f"{'balanced' if balanced else 'plain'}, {init}", colour, mark)
size.set(xscale="log", xlabel="N", ylabel="outer edge of the bulk", xticks=[50, 100, 200, 500], xticklabels=["50", "100", "200", "500"])
size.minorticks_off()
ratio.set(xlabel="$f_E$, balanced start")
axis.set(xlabel="$f_E$, published axis, N = 100")
for axes in (size, ratio, axis):
    axes.axhline(THEORY, color="0.5", linewidth=1, linestyle="--")
    axes.legend(fontsize=6, frameon=False)
figure.tight_layout()
figure.savefig(HERE / "second.svg", metadata={"Date": None})
