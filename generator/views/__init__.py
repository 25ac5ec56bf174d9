"""Pages that join several kinds: every module here supplies `VIEW`; listing the folder finds them."""
