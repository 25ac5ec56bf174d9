"""MkDocs and its theme: no other package depends on them."""
