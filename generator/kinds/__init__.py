"""Content types, one folder each; its `kind.py` supplies `KINDS`, and the folders are the list."""
