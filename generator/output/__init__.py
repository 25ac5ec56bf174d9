"""Renders plans to bytes: pages, charts, feeds, tables, the search index, page frames."""
