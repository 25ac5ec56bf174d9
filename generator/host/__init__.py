"""MkDocs and its theme, behind a folder: the only room that knows of them."""
