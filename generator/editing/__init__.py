"""What helps editors: starters, schemas, import, live preview."""
