"""Words with several spellings in official texts, which search takes for the same word.

Single characters that stand for each other everywhere (臺 台) are in `folding.tsv`.  Here are those
that do so in certain words only: 身份 is 身分, but 一份 is not 一分.
"""

from __future__ import annotations

SPELLINGS = (
    ("身分", "身份"),
    ("成分", "成份"),
    ("部分", "部份"),
    ("本分", "本份"),
    ("姊妹", "姐妹"),
    ("兄姊", "兄姐"),
    ("計畫", "計劃"),
    ("規劃", "規畫"),
    ("策劃", "策畫"),
    ("籌劃", "籌畫"),
    ("家具", "傢俱"),
    ("帳戶", "賬戶"),
    ("紀錄", "記錄"),
    ("公布", "公佈"),
    ("發布", "發佈"),
    ("布告", "佈告"),
    ("人才", "人材"),
    ("蒐集", "搜集"),
    ("度假", "渡假"),
    ("磁磚", "瓷磚"),
    ("聯絡", "連絡"),
)
"""Each row has the spellings of one word, that of official texts first."""
