"""Content types: every module or package here supplies `KINDS`; listing the folder finds them."""
