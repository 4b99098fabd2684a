"""What leaves for machines and eyes: metrics, HTTP interface, pages."""
