"""What readers' programs read: feeds, tables, workbooks, catalogues, citations."""
