"""A simulated ward on loopback whose every fault is known: the newcomer's start and the tests' truth."""
