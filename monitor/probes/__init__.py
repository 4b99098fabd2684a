"""One module per protocol; each run of a probe gives a Reading or a Failure with its reason."""
