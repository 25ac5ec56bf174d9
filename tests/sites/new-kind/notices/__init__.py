"""Notices: what a reader should know for some days, and may then forget."""
