"""The incremental build: examine, plan, make what is stale, join, show."""
