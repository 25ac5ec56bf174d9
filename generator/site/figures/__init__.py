"""Figures: cells of tables, the rules that prove them, and prose that cites them."""
