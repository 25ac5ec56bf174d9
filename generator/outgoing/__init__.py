"""Links to other people's sites: which there are, whether they still lead somewhere."""
