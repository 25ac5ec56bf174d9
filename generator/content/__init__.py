"""YAML files to typed, frozen records: reader, field types, settings, problems in words."""
