"""Months before the demo: what happened in them is drawn from the seed, written as history, and known for certain."""
