"""What Linkward costs, measured as ratios against other exporters in the same run: ``make bench``."""
