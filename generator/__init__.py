"""Gongbao: from reviewed YAML to a government's gazette, reports, feeds and search."""
