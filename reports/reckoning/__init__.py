"""From the facts of a month to the sections of the review."""
