"""Whether a count can be chance: the binomial distribution, term by term."""

from math import exp, lgamma, log, log1p

from model.verdict import Outcome


def at_least(count: int, n: int, share: float) -> float:
    """The probability that so many or more of ``n`` come up, each with the probability ``share``."""
    if count <= 0:
        return 1.0
    if share <= 0.0:
        return 0.0
    if share >= 1.0:
        return 1.0
    term = lgamma(n + 1) - lgamma(count + 1) - lgamma(n - count + 1) + count * log(share) + (n - count) * log1p(-share)
    total, chance, k = 0.0, exp(term), count
    rises = True
    while k <= n and (rises or chance > total * 1e-15):
        total += chance
        factor = (n - k) / (k + 1) * share / (1 - share)
        rises, chance, k = factor > 1, chance * factor, k + 1
    return min(1.0, total)


def judged(bad: int, n: int, allowed: float) -> Outcome:
    """Proved to be kept at 5 %, proved to be broken at 1 %, or neither."""
    if n == 0:
        return Outcome.UNKNOWN
    if bad < n * allowed and at_least(n - bad, n, 1 - allowed) <= 0.05:
        return Outcome.MET
    if bad > n * allowed and at_least(bad, n, allowed) <= 0.01:
        return Outcome.BREACHED
    return Outcome.UNKNOWN
