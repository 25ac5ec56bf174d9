"""A meeting with one directive, for tests of meetings and of their calendars."""

from __future__ import annotations

from sample_sites import MINIMAL

SETTINGS = f"{MINIMAL['site.yaml']}bodies: [{{id: council, title: 市政會議}}]\n"
FILE = "meetings/105/council-236.yaml"
MEETING = """\
title: 第236次市政會議
body: council
number: 236
date: 105-01-05
venue: 會議室
chair: 市長
recorder: 秘書處
minutes: {published_on: 105-01-12}
directives:
  - {id: "01", text: 更換燈具。, owner: city, due: 105-03-01}
"""
