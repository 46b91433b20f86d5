"""Statistics of orders a second time: by SciPy where it has them, else straight from the definition, over all pairs.

    python test/golden/audit/statistics.py          writes expected.json
    python test/golden/audit/statistics.py --check  computes it and compares with what is there

Needs SciPy and NumPy."""

import itertools
import json
import math
import sys
from pathlib import Path

import numpy as np
from scipy.stats import kendalltau, spearmanr

FILE = Path(__file__).parent / "expected.json"


def pairs_of(count):
    return itertools.combinations(range(count), 2)


def tau_b(x, y, pairs, weights):
    """Over given pairs of different networks, each as often as its networks' weights multiplied."""
    total = tied_x = tied_y = difference = 0
    for i, j in pairs:
        weight = weights[i] * weights[j]
        total += weight
        tied_x += weight * (x[i] == x[j])
        tied_y += weight * (y[i] == y[j])
        difference += weight * np.sign(x[i] - x[j]) * np.sign(y[i] - y[j])
    return difference / math.sqrt((total - tied_x) * (total - tied_y))


def tau_a(x, y, pairs, weights):
    """The same, tied pairs counted as ordered by neither."""
    signs = [(weights[i] * weights[j], np.sign(x[i] - x[j]) * np.sign(y[i] - y[j])) for i, j in pairs]
    return sum(w * sign for w, sign in signs) / sum(w for w, _ in signs)


def regret(predictor, values, picks):
    """The mean over all ways to pick the best."""
    border = sorted(predictor, reverse=True)[picks - 1]
    sure = [v for p, v in zip(predictor, values) if p > border]
    tied = [v for p, v in zip(predictor, values) if p == border]
    ways = itertools.combinations(tied, picks - len(sure))
    return max(values) - np.mean([max([*sure, *way]) for way in ways])


def partial(x, y, z):
    """The correlation of agreements with z, pair by pair (Kendall 1942); for values without ties."""
    agree = [(np.sign(x[i] - x[j]) == np.sign(z[i] - z[j]), np.sign(y[i] - y[j]) == np.sign(z[i] - z[j]))
             for i, j in pairs_of(len(x))]
    return np.corrcoef(np.array(agree, dtype=float).T)[0, 1]


def case(random, count, levels):
    """Two variables that agree in part; rounded to so many levels, which makes ties."""
    hidden = random.normal(size=count)
    x, y, z = (hidden + random.normal(size=count) for _ in range(3))
    macs = np.round(1e6 * np.exp(0.2 * z))
    if levels:
        x, y = np.round(x * levels), np.round(y * levels)
    weights = random.multinomial(count, np.full(count, 1 / count))
    matched = [(i, j) for i, j in pairs_of(count) if abs(macs[i] - macs[j]) <= 0.05 * max(macs[i], macs[j])]
    return {
        "x": list(x), "y": list(y), "macs": list(macs), "weights": [int(w) for w in weights],
        "kendallTau": kendalltau(x, y).statistic,
        "spearman": spearmanr(x, y).statistic,
        "weightedTau": tau_b(x, y, pairs_of(count), weights),
        "weightedSpearman": spearmanr(np.repeat(x, weights), np.repeat(y, weights)).statistic,
        "matchedPairs": len(matched),
        "matchedTau": tau_a(x, y, matched, np.ones(count)),
        "weightedMatchedTau": tau_a(x, y, matched, weights),
        "regret": {k: regret(list(x), list(y), k) for k in (1, 3, 10)},
        **({} if levels else {"partialTau": partial(x, y, z), "z": list(z)}),
    }


def compute():
    random = np.random.default_rng(11)
    shapes = [(12, 0), (40, 0), (40, 1), (40, 2), (25, 0.5)]
    return {"cases": [case(random, count, levels) for count, levels in shapes]}


def close(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(close(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(close, a, b))
    return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12)


computed = json.loads(json.dumps(compute(), default=float))
if "--check" in sys.argv:
    same = close(computed, json.loads(FILE.read_text()))
    print("the same" if same else "expected.json differs")
    sys.exit(0 if same else 1)
FILE.write_text(json.dumps(computed, indent=1) + "\n")
