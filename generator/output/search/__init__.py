"""The search index: static files in which every substring of the texts can be found."""
