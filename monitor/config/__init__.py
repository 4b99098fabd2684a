"""From files to an Inventory: YAML with line numbers, secrets, every problem with its place and mend."""
