"""Plays random wards with random faults, judges what was told, and says how fast: ``simulate_alerts.py 0 2000``.

Without numbers it plays the first hundred. A seed that is named can be played alone: ``simulate_alerts.py 438 439``.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.peers.alert_oracle import judge
from tests.peers.alert_scenario import scenario
from tests.peers.alert_simulation import simulate


def main(first: int, end: int) -> int:
    """Play the seeds from ``first`` up to ``end``; how many went wrong."""
    counts: Counter[str] = Counter()
    latencies: dict[str, list[float]] = {}
    wrong = []
    for seed in range(first, end):
        played = scenario(seed)
        verdict = judge(played, simulate(played))
        counts.update(verdict.counts)
        for kind, seconds in verdict.latencies.items():
            latencies.setdefault(kind, []).extend(seconds)
        for problem in verdict.problems:
            print(f"{seed}: {problem}", flush=True)
        wrong += [seed] if verdict.problems else []
    for name, number in counts.items():
        print(f"{number:9} {name}")
    for kind, seconds in latencies.items():
        print(f"seconds from the cut, {kind}: {_spread(sorted(seconds))}")
    print(f"{len(wrong)} seeds went wrong: {wrong}" if wrong else "nothing went wrong")
    return len(wrong)


def _spread(ordered: Sequence[float]) -> str:
    mean, late = sum(ordered) / len(ordered), ordered[int(0.99 * len(ordered))]
    return f"mean {mean:.2f}, 99 % {late:.2f}, most {ordered[-1]:.2f}, of {len(ordered)}"


if __name__ == "__main__":
    first, end = map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (0, 100)  # noqa: PLR2004  # both or none
    sys.exit(bool(main(first, end)))
