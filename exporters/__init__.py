"""What leaves the daemon for machines and for eyes: metrics, the interface for programs, the status page."""
