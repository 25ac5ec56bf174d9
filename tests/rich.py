"""A content in which an entry's page shows all that it can, for audits of true copies."""

from __future__ import annotations

from collections.abc import Mapping

from sample_sites import SITES

ISSUE = "gazette/105/105-003"
PICTURE = (SITES / "full/visits/105/2016-02-19-lantern/hall.png").read_bytes()
_HEAD = "category: {category}\nform: {form}\nissuers: [{issuers}]\n"


def _entry(
    title: str, more: str, *, form: str = "order", category: str = "rule", issuers: str = "city"
) -> str:
    head = _HEAD.format(category=category, form=form, issuers=issuers)
    return f"title: {title}\n{head}{more}"


LINKS = """\
markdown: |
  ## 標題 <b>&amp;

  1. 圖：![會場](hall.png)
  2. 檔案：[說明](note.txt)，[來訪](visits:2016-02-19-lantern)，[夥伴](partners:hachioji)，
     [報告](reports:2016-05-test)，[統計](statistics:fleet)，[頁](pages:about)，[期](issues:105-001)，
     [則](gazette:105-001-02)，[機關](agencies:culture)，[訂閱](/feeds/)，<https://example.org/?a=1&b=2>，
     [信](mailto:a@example.org)，[標題](#標題-bamp)

  | 甲 | 乙 |
  |:--|--:|
  | a<b | "c" |
"""
FILES: Mapping[str, str | bytes] = {
    f"{ISSUE}/issue.yaml": "publication_date: 105-03-01\n",
    f"{ISSUE}/01.yaml": _entry(
        '"第一號命令：若甲<b 且\'乙\'>c\\"丁\\" & {戊}"',
        "document_numbers: ['測市秘字第1050001號', '測_市%字#第2號']\ndispatch_date: 105-02-27\n"
        'effective: [{date: 105-03-03, until: 105-12-31, note: "第一行\\n第二行 <i>"}]\n'
        f"{LINKS}keywords: [文化, 一般, a&b]\ntopics: [archives, culture]\n"
        'title_en: First "order" & <more>\n'
        "summary_en: See [the visit](visits:2016-02-19-lantern).\n"
        'source: 第一行<br> & "引號"\nrevisions: [{date: 105-03-05, note: "補 <b>\\n第二行"}]\n',
    ),
    f"{ISSUE}/01/hall.png": PICTURE,
    f"{ISSUE}/01/note.txt": "說明",
    f"{ISSUE}/02.yaml": _entry(
        "第二號命令",
        "document_numbers: [測市秘字第3號]\ndispatch_date: 105-02-28\n"
        'body: "第一條\\t甲\\n\\n  第二條　乙"\n'
        "relations:\n- {type: extends, target: 105-003-01, until: 106-12-31}\n"
        "- {type: repeals, target: 105-001-01}\n- {type: cites, citation: 他處, note: 參見}\n"
        "topics: [culture]\nsummary: 摘要，見[來訪](visits:2016-02-19-lantern)。\n",
        issuers="culture, secretariat",
    ),
    f"{ISSUE}/03.yaml": _entry(
        "沒有發文日期的舊令",
        "document_numbers: [測市秘字第4號]\nbody: 舊令。\nnot_stated: [dispatch_date]\n"
        "relations: [{type: withdraws, target: 105-003-02, articles: [第一條, 第二條]}]\n",
        issuers="secretariat",
    ),
    f"{ISSUE}/04.yaml": _entry(
        "草案預告",
        "document_numbers: [測市秘字第5號]\ndispatch_date: 105-02-29\nsubject: 預告。\n"
        "comment_period: {starts_on: 105-03-02, ends_on: 105-05-02, email: a@example.org}\n",
        form="announcement",
        category="draft",
    ),
    f"{ISSUE}/05.yaml": _entry(
        "延長草案的期間",
        "document_numbers: [測市秘字第6號]\ndispatch_date: 105-02-29\nsubject: 延長。\n"
        "relations: [{type: extends, target: 105-003-04, until: 105-08-02}]\n",
        form="announcement",
        category="public_notice",
    ),
    f"{ISSUE}/06.yaml": _entry(
        "含個人資料的決定",
        "dispatch_date: 105-02-29\nbody: 決定。\npersonal_data: true\nexpires_on: 120-01-01\n"
        "nonce: 00112233445566778899aabbccddee00\n",
        form="other",
        category="personnel",
    ),
    "gazette/105/105-001/04.yaml": _entry(
        "改名之前的令",
        "document_numbers: [測市秘字第7號]\ndispatch_date: 104-12-01\nbody: 舊名。\n"
        "topics: [archives]\n",
        issuers="secretariat",
    ),
}
