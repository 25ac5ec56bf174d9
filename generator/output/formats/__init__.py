"""Formats for other programs: feeds, tables, workbooks, catalogues, citations."""
