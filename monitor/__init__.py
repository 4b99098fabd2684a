"""The process: command line, configuration, scheduling, probing, wiring."""
