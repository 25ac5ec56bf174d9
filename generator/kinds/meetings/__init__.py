"""Meetings of councils and committees: agenda, minutes, and the directives given there."""
