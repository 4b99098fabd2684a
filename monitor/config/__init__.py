"""From files to an Inventory: YAML with line numbers, secrets, every problem with its place and mend."""

from monitor.config.loading import load, load_checked, load_values
from monitor.config.problem import ConfigError, Problem

__all__ = ["ConfigError", "Problem", "load", "load_checked", "load_values"]
