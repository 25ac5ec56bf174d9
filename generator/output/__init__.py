"""Plans to bytes: pages, charts, feeds, tables, the search index, page frames."""
