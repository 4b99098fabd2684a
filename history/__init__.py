"""What happened: append-only facts (transitions, rollups, heartbeats, …) in SQLite or PostgreSQL."""
