"""What a site holds: the contract of a kind, checks across records, plans of pages and lists."""
