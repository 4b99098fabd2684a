"""What happens in the simulated ward, line by line on the terminal."""

from rich.text import Text

from monitor.demo.words import Happening


def line(happening: Happening) -> Text:
    """One fault that begins or ends, with the time since the start."""
    minutes, seconds = divmod(int(happening.time), 60)
    mark, style = ("✗", "red") if happening.begun else ("✓", "green")
    return Text.assemble((f"{minutes:3d}:{seconds:02d} ", "dim"), (f"{mark} ", style), happening.words)
