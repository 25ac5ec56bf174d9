"""Bundles: the files that one folder, list, feed or table puts on the site."""
