"""From files of the content to typed records: YAML with places, strict fields, long texts."""
