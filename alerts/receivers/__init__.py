"""Ways out: each turns one notice into bytes for one kind of peer, within a deadline, and says what became of it."""
