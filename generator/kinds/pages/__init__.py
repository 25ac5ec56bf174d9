"""Hand-written pages: a Markdown file with a header, for what no other kind covers."""
