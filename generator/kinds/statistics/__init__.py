"""Statistics: the figures that reports are proved by."""
