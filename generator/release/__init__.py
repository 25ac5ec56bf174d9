"""Finished sites on disk: folders, manifests, the atomic exchange, rollback."""
