"""Agencies: the authority file of the public bodies that records name."""
