"""The language of the project: pure values and decisions, no I/O, no clock."""
