"""What to read of which device: one YAML file for each vendor or standard, read by ``monitor.config.profiles``."""
