"""Whether an error budget goes too fast, from the rates that are shown."""

from collections.abc import Mapping

from model.budget import BURN_RULES, Burn
from model.incident import Severity


def burning(rates: Mapping[float, float | None]) -> tuple[Severity | None, Mapping[str, float]]:
    """The gravest of the rules that are broken, and by what; ``None`` where none is known to be.

    Args:
        rates: By window in seconds: how many times too fast; ``None`` where too little is known.
    """
    for rule in BURN_RULES:
        burn = Burn(rule, rates.get(rule.long), rates.get(rule.short))
        if burn.is_burning and burn.long is not None:
            return Severity(rule.severity), {"rate": burn.long, "hours": rule.long / 3_600}
    return None, {}
