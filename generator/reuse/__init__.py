"""What was made before and still holds: keys, traces and the cache."""
