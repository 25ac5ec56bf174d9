"""The marks of a new site's sample texts, which an official site may not publish.

A text to begin with has `UNFILLED` where only the office knows what belongs there; the title of a
sample record begins with `SAMPLE`.  Neither occurs in a gazette: titles say 「範例」 without these
brackets at their beginning, and texts have other words in 【】.
"""

from __future__ import annotations

import re

UNFILLED = re.compile(r"【請填[^】]{0,80}】")
SAMPLE = "（範例）"
