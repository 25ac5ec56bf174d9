"""The site as a whole: the contract of a kind, checks across records, plans of pages and lists."""
