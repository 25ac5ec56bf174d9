"""Agencies: the authority file of who issues, hosts and answers."""
