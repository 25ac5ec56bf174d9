"""The incremental build: examine, make what is stale, join, verify."""
