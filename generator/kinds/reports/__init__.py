"""Reports of agencies to a council, in which each figure leads to its source."""
