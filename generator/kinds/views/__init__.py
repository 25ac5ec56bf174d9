"""Pages that join several kinds: every module supplies `VIEW`; listing the folder finds them."""
