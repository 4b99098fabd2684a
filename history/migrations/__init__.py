"""Revisions of the tables, each frozen once it was released; run by ``history.migration``."""
