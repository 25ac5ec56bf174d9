"""Numbers that tune the work in other processes, each with the reason or the measurement for it.

None of them changes a byte of a site.  Measured on two cores with archives of 2,500 and 100,000
entries.
"""

from __future__ import annotations

READ_BATCH = 200
"""Files that a task reads; below as many a pool costs more than it saves."""
LOOK_WEIGHT, LOOK_BATCH = 50_000, 20
"""Bytes of an attachment that count as one, and how many of these a task looks at."""
CHECK_BATCH = 300
"""Records that a task checks."""
MAKE_BATCH = 60
"""Records that a task makes: what it returns is some megabytes."""
JOIN_ALONE = 2048
"""Documents whose search lists one process joins before others could begin."""
STAT_ALONE = 1_000
"""Bundles whose files one process looks at before others could begin.

A bundle takes 0.11 ms, and to load and to begin a pool 35 ms.
"""

AHEAD = 2
"""Tasks handed out for each worker, the one that it works on included: bounds what is in memory."""
TURNS = 32
"""Tasks that a forked process does before a fresh one takes its place.

What it touches of its parent's memory becomes its own, if only by being counted: of a hundred
thousand records each process would hold half by the end.
"""
SEARCH_AHEAD = SEARCH_TURNS = 8
"""The same for parts of the search index.

They are begun before they are wanted, and so more of them wait; a part has a thousand records.
"""
FORKED = 20_000
"""Records beyond which a forked process takes more memory than it is worth, if it is not alone."""

ITEMS_AT_HAND = 512
"""Folders whose feed items or table rows are in memory at once."""
GARBAGE_WORTH = 20_000
"""Objects since the last look for garbage that are worth another: some megabytes."""
