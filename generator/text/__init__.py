"""Text as law and people write it: Chinese numerals, both calendars, points, Markdown to HTML."""
