"""The record: what was sealed, in a signed log that only grows, and how anybody checks it."""
