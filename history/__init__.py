"""What happened: append-only facts (transitions, rollups, heartbeats). Nothing is stored yet."""
