"""The search index: static files in which every run of characters of the text is found."""
