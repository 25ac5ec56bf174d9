"""The contrast of two colours, by WCAG 2.2's formula."""

from __future__ import annotations

GROUNDS = (("#fdfdfb", "#f4f4f0"), ("#14181d", "#1d232a"))
"""The theme's grounds behind text on light and on dark screens; `tokens.css` has the same."""
TEXTS = {"accent": ("#952519", "#f2a193"), "link": ("#14508c", "#90bff0")}
"""The theme's own colours of text by role, on light and on dark screens, as in `tokens.css`."""
HEAD_TEXTS = ("#ffffff", "#fdfdfb")
"""What stands on the colour of the head: its text, and the ground of its search box."""
LEGIBLE = 4.5
"""The least contrast of text (WCAG 2.2, 1.4.3)."""
_BENT = 0.04045


def contrast(colour: str, ground: str) -> float:
    """The contrast of two colours such as `#9c2a1f`, from 1 to 21."""
    darker, lighter = sorted((_luminance(colour), _luminance(ground)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (_linear(part) for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= _BENT else ((part + 0.055) / 1.055) ** 2.4)
