"""The gazette: issues and their entries."""
