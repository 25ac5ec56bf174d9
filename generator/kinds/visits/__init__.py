"""Visits: foreign guests received, delegations sent, exchanges and events held."""
