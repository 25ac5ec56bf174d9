"""The real yaml-language-server, as VS Code runs it, with the repository's own settings."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SERVER = Path(sys.prefix) / "node_modules" / ".bin" / "yaml-language-server"
SETTINGS = json.loads((PROJECT / ".vscode" / "settings.json").read_text(encoding="utf-8"))
GAZETTE = "content/gazette/105/105-001/07.yaml"
BROKEN = """\
title: 訂定要點
category: rules
form: order
issuer: [city]
dispatch_date: 105-13-04
body: 內文
"""
Message = Mapping[str, Any]


class Editor:
    """A client of the language server that does what VS Code does, and no more."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.number = 0

    def send(self, **message: Any) -> None:
        """Sends one message."""
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)
        self.process.stdin.flush()

    def receive(self) -> Message:
        """The next message."""
        assert self.process.stdout is not None
        length = 0
        while (line := self.process.stdout.readline()).strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        assert length, "the server ended"
        message: Message = json.loads(self.process.stdout.read(length))
        return message

    def answer(self, message: Message) -> None:
        """Tracer what the server asks: its settings, and consent to everything else."""
        if "id" not in message or "method" not in message:
            return
        result: Any = None
        if message["method"] == "workspace/configuration":
            result = [section(item.get("section", "")) for item in message["params"]["items"]]
        self.send(id=message["id"], result=result)

    def request(self, method: str, params: Any) -> Any:
        """The server's answer to a request."""
        self.number += 1
        self.send(id=self.number, method=method, params=params)
        while True:
            message = self.receive()
            if message.get("id") == self.number and "method" not in message:
                return message.get("result")
            self.answer(message)

    def diagnostics(self, uri: str) -> list[Message]:
        """The first findings that the server publishes about a file."""
        while True:
            message = self.receive()
            if message.get("method") == "textDocument/publishDiagnostics":
                params = message["params"]
                if params["uri"] == uri and params["diagnostics"]:
                    found: list[Message] = params["diagnostics"]
                    return found
            self.answer(message)


def section(name: str) -> Any:
    """A section of the repository's settings as VS Code hands it over."""
    found = {
        key.removeprefix("yaml."): SETTINGS[key] for key in SETTINGS if key.startswith("yaml.")
    }
    if name != "yaml":
        return {}
    bound = {(PROJECT / file).as_uri(): pattern for file, pattern in found.pop("schemas").items()}
    nested = {"schemaStore": {"enable": found.pop("schemaStore.enable")}}
    return {"schemas": bound, "validate": True, "completion": True, "hover": True, **nested}


@pytest.fixture
def editor() -> Iterator[Editor]:
    """An editor in Traditional Chinese with the project's folder open."""
    assert SERVER.exists(), f"{SERVER} is missing; `make test` installs it"
    process = subprocess.Popen(
        [SERVER, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=PROJECT
    )
    editor = Editor(process)
    folder = {"uri": PROJECT.as_uri(), "name": "project"}
    abilities = {"workspace": {"configuration": True, "workspaceFolders": True}}
    editor.request(
        "initialize",
        {
            "processId": None,
            "locale": "zh-tw",
            "rootUri": PROJECT.as_uri(),
            "workspaceFolders": [folder],
            "capabilities": abilities,
        },
    )
    editor.send(method="initialized", params={})
    yield editor
    editor.request("shutdown", None)
    editor.send(method="exit")
    process.wait(timeout=20)
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()


def opened(editor: Editor, path: str, text: str) -> str:
    """Opens a text as a file; its address."""
    uri = (PROJECT / path).as_uri()
    document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
    editor.send(method="textDocument/didOpen", params={"textDocument": document})
    return uri


def test_a_broken_file_is_explained_in_chinese(editor: Editor) -> None:
    """A wrong word, an unknown field, a missing one and a date that is none, in zh-TW."""
    uri = opened(editor, GAZETTE, BROKEN)
    found = {d["range"]["start"]["line"]: d["message"] for d in editor.diagnostics(uri)}
    assert found[1].startswith("可用：regulation（法規）、rule（行政規則）")
    assert "issuer" in found[3]
    assert found[4] == "日期請寫 105-01-04 或 2016-01-04。"
    assert found[0].startswith("缺少必填欄位「issuers」（發文機關）。")
    for message in found.values():
        assert any("一" <= character <= "鿿" for character in message), message


def test_fields_are_explained_where_they_are_typed(editor: Editor) -> None:
    """Hovering a field says what it is; completion offers the site's categories."""
    uri = opened(editor, GAZETTE, BROKEN)
    editor.diagnostics(uri)
    document = {"uri": uri}
    hover = editor.request(
        "textDocument/hover", {"textDocument": document, "position": {"line": 5, "character": 2}}
    )
    assert "內文" in json.dumps(hover, ensure_ascii=False)
    offered = editor.request(
        "textDocument/completion",
        {"textDocument": document, "position": {"line": 1, "character": 12}},
    )
    labels = {item["label"] for item in offered["items"]}
    assert {"rule", "draft", "public_notice"} <= labels
