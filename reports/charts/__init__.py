"""Charts as SVG that reads in black and white, on paper and on a dark screen alike: one ink, patterns, shapes."""
