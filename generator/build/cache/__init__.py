"""The cache of earlier results, and the keys and traces that tell whether they are up to date."""
