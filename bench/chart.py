"""Draws how many times as many requests Corkboard answers as the others: FILE.json FOLDER.

Runs in the other servers' virtual environment, and so imports nothing of ours.
"""

import json
import sys
from pathlib import Path
from statistics import median

import matplotlib as mpl

mpl.use("Agg")
mpl.rcParams["svg.hashsalt"] = "corkboard"  # the same file for the same figures

from matplotlib import pyplot as plt  # noqa: E402  # after `use`

IN_A_ROW = 7  # scenarios
COLORS = plt.colormaps["tab20"].colors


def draw(results: Path, folder: Path) -> None:
    """Write performance.svg and performance.png to the folder."""
    part = json.loads(results.read_text())["contenders"]
    [ours] = [name for name, kind in part["kinds"].items() if kind == "ours"]
    others = [name for name in part["kinds"] if name != ours]
    scenarios = [*part["rounds"]]
    rows = [scenarios[begin : begin + IN_A_ROW] for begin in range(0, len(scenarios), IN_A_ROW)]
    figure, grid = plt.subplots(len(rows), figsize=(12, 4 * len(rows)), squeeze=False, sharey=True)
    width = 0.8 / len(others)
    for axes, shown in zip(grid[:, 0], rows, strict=True):
        for number, name in enumerate(others):
            places, heights, below, above = [], [], [], []
            for place, scenario in enumerate(shown):
                seen = part["rounds"][scenario]
                if name in seen:
                    found = [a[0] / b[0] for a, b in zip(seen[ours], seen[name], strict=True)]
                    places.append(place - 0.4 + width * (number + 0.5))
                    heights.append(median(found) - 1)
                    below.append(median(found) - min(found))
                    above.append(max(found) - median(found))
            # From 1, so that a bar points to who is faster.
            axes.bar(
                places, heights, width * 0.9, bottom=1, label=name, color=COLORS[number],
                yerr=[below, above], error_kw={"capsize": 2, "elinewidth": 1},
            )  # fmt: skip
        axes.axhline(1, color="black", linewidth=1)
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(mpl.ticker.LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:g} ×"))
        axes.yaxis.set_minor_formatter(mpl.ticker.NullFormatter())
        axes.set_xticks(range(len(shown)), shown)
        axes.set_xlim(-0.6, IN_A_ROW - 0.4)
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(f"Requests per second: {ours} over the others (more is better for {ours})")
    grid[-1, 0].legend(
        ncols=4, fontsize="small", frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.08)
    )
    figure.tight_layout()
    figure.savefig(folder / "performance.svg", metadata={"Date": None})
    figure.savefig(folder / "performance.png", dpi=150)


if __name__ == "__main__":
    draw(*map(Path, sys.argv[1:]))
