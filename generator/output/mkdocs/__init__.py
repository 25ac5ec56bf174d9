"""MkDocs and its theme, behind a folder: the only package that knows of them."""
