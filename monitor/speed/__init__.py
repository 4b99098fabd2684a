"""How fast links really are: the peer at a point, the tester, and when a test may run."""
