"""Content types: a folder each, whose `kind.py` supplies `KINDS`; found by listing them."""
