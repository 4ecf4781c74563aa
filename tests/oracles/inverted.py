"""Reference values for src/stats/calibration/inverted.rs: distances that would not make what was seen a surprise, found
on a grid.

    pip install numpy==2.4.6
    python tests/oracles/inverted.py
"""

import numpy as np

CASES = np.array([40, 50, 60, 50])
STATED = np.array([0.55, 0.7, 0.85, 0.97])
DRAWS = np.arange(200)[:, None]
SHIFTS = (DRAWS * (np.arange(4) + 3) * 7 + DRAWS // 11) % 11 - 5
CASES_DRAWN = CASES + (DRAWS * (np.arange(4) + 5) * 3 + DRAWS // 7) % 9 - 4
ADDED, STRETCH, TAIL = 0.01, 1.1, 0.025


def limits(right, against, moved_with_all):
    right = np.array(right)
    part, share = CASES / CASES.sum(), right / CASES
    smooth = np.array([right[max(k - 1, 0) : k + 2].sum() / CASES[max(k - 1, 0) : k + 2].sum() for k in range(4)])
    away = share - against
    direction = np.where(np.signbit(away), -1, 1) * np.sqrt(away**2 + (smooth * (1 - smooth) + ADDED) / CASES)
    direction /= np.sqrt((part * direction**2).sum())
    seen = (part * away**2).sum()
    drawn = np.clip(right + SHIFTS, 0, CASES_DRAWN)
    by = drawn / CASES_DRAWN - share
    if moved_with_all:
        by = by - (drawn.sum(1) / CASES_DRAWN.sum(1) - right.sum() / CASES.sum())[:, None]
    parts = (CASES_DRAWN / CASES_DRAWN.sum(1, keepdims=True) * direction**2).sum(1) - 1
    linear, square = STRETCH * (part * direction * by).sum(1), STRETCH**2 * (part * by**2).sum(1)

    def enlarged(t):
        there = np.clip(against + (smooth - against) * t / np.sqrt(seen), 0, 1)
        more, less = there * (1 - there) + ADDED, share * (1 - share)
        ratio = lambda of: max((of * more).sum() / (of * less).sum(), 1)
        return ratio(part * direction**2) ** 0.5, ratio(part / CASES)

    def below(t, seen):
        one, two = enlarged(t)
        return (t * t * np.maximum(1 + STRETCH * parts, 0) + 2 * t * one * linear + two * square <= seen).mean()

    at_least = max(seen, enlarged(np.sqrt(seen))[1] * square.mean())
    grid = np.arange(0, 1, 1e-5)
    low = grid[np.argmax([below(t, seen) <= 1 - TAIL for t in grid])]
    high = grid[np.argmax([below(t, at_least) <= TAIL for t in grid])]
    return seen, low**2, high**2


overconfident, well, all_right = [18, 28, 40, 38], [22, 35, 51, 48], [30, 44, 57, 50]
print("overconfident", *limits(overconfident, STATED, False))
print("calibrated", *limits(well, STATED, False))
print("none wrong in a bin", *limits(all_right, STATED, False))
print("resolution", *limits(overconfident, np.full(4, sum(overconfident) / CASES.sum()), True))
