"""Releases on disk: folders, manifests, atomic publication, rollback."""
