"""Traps and informs: what devices say unasked is a reason to look at once, and never a verdict."""
