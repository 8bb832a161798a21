"""Performance: how long work takes on a chip, over a network and in a layout, and how much memory it needs."""
