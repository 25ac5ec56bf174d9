"""Reads YAML files into typed, frozen records: reader, field types, settings, messages."""
