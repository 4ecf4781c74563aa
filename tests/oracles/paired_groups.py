"""Percentile intervals of a difference of two shares that are counted on the same clusters.

Each of 400 sentences was answered in two languages; [both, first, second, neither] say how many answers were right.
Whole sentences are drawn anew 200,000 times. Prints the limits that src/measure/sum.rs compares with.

Run: python tests/oracles/paired_groups.py   (numpy 2)
"""

import numpy as np

for cells in [(220, 60, 30, 90), (300, 20, 20, 60), (100, 120, 100, 80)]:
    n = sum(cells)
    drawn = np.random.default_rng(1).multinomial(n, np.array(cells) / n, size=200_000)
    difference = (drawn[:, 1] - drawn[:, 2]) / n
    print(cells, np.quantile(difference, [0.025, 0.975]))
