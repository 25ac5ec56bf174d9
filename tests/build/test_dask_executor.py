"""Tasks on a Dask cluster: the same site, and a clear word where there is no cluster."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from clusters import cluster
from distributed.comm import CommClosedError
from publishing import manifest_of
from sample_sites import SITES, files_below, options

from generator.build.markdown_export import DOCS
from generator.build.options import Options
from generator.build.workers import dask_executor as clusters
from generator.build.workers.dask_executor import Cluster, ClusterRefused, Lack, workers_of
from generator.build.workers.executor import UNSHARED, Executor
from generator.commands._cli import main
from generator.output import fingerprint
from generator.pipeline import build

WORKERS = 2


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A cluster of two workers."""
    with cluster(tmp_path_factory.mktemp("cluster"), WORKERS) as running:
        yield running


def _made(root: Path, workers: Executor) -> Mapping[str, bytes]:
    root.mkdir()
    wanted = replace(options(SITES / "full", root), workers=workers, markdown=True)
    assert build(wanted, lambda stage: None).release is not None
    return _held(wanted)


def _held(chosen: Options) -> Mapping[str, bytes]:
    """The list of a site's files, which has all their digests, and its Markdown."""
    sources = files_below(chosen.work / DOCS)
    texts = {name: path.read_bytes() for name, path in sources.items()}
    return {"": manifest_of(chosen.site).read_bytes(), **texts}


def test_a_cluster_makes_the_same_site(address: str, full_site: Options, tmp_path: Path) -> None:
    """One process, two processes and two workers with empty folders make the same bytes."""
    assert full_site.workers.jobs == 1
    with workers_of(address) as workers:
        assert workers.jobs == WORKERS
        afar = _made(tmp_path / "afar", workers)
    assert _held(full_site) == afar
    assert _made(tmp_path / "two", Executor(2)) == afar


def test_checks_run_on_a_cluster(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--executor` finds the problems that this process finds."""
    content = str(SITES / "full")
    words = ["check", "--content", content, "--as-of", "2016-06-01"]
    assert main([*words, "--executor", address]) == 0
    afar = capsys.readouterr()
    assert main(words) == 0
    assert capsys.readouterr() == afar
    assert "not-stated" in afar.out


def test_workers_of_another_program_are_refused(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A cluster whose packages are not ours makes nothing."""
    others = {name: f"{name}-0.dist-info" for name in fingerprint.PACKAGES}
    monkeypatch.setattr(fingerprint, "installed", lambda: others)
    fingerprint.worker_key.cache_clear()
    try:
        assert main(["check", "--executor", address]) == 2
    finally:
        fingerprint.worker_key.cache_clear()
    assert "套件版本不同" in capsys.readouterr().err


@pytest.mark.parametrize("typed", ["127.0.0.1:8786", "dask://", "dask://here", "tcp://a:1"])
def test_an_address_of_another_form_is_refused(
    typed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message says how an executor is named."""
    assert main(["check", "--executor", typed]) == 2
    said = capsys.readouterr().err
    assert said == f"「{typed}」不是可用的 --executor；請寫成 dask://主機:連接埠。\n"


def test_a_scheduler_that_is_not_there_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nobody listens, the message says what to start."""
    monkeypatch.setattr(clusters, "PATIENCE", 1)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert main(["build", "--executor", f"dask://127.0.0.1:{port}"]) == 2
    assert "沒有回應，網站沒有變動；請確認排程器" in capsys.readouterr().err


def test_the_extra_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Dask the message says what to install."""
    monkeypatch.setattr(clusters, "import_module", _absent)
    with pytest.raises(ClusterRefused) as refused, workers_of("dask://127.0.0.1:1"):
        pass
    assert refused.value.lack == Lack.EXTRA


class _Lost:
    """A cluster that was there, and is gone when it is sent something."""

    def nthreads(self) -> Mapping[str, int]:
        return {"tcp://127.0.0.1:1": 2}

    def get_executor(self, **_: object) -> None:
        raise CommClosedError

    def scatter(self, *_: object, **__: object) -> None:
        raise CommClosedError


def test_a_cluster_that_was_lost_is_told() -> None:
    """What it says itself is an `OSError`, and would pass for one of the disk."""
    workers = Cluster(_Lost(), "dask://127.0.0.1:1", (CommClosedError,))
    with pytest.raises(ClusterRefused) as refused:
        list(workers.map(_whole, UNSHARED, [b"1"]))
    assert refused.value == ClusterRefused(Lack.LOST, "dask://127.0.0.1:1")


def _whole(_: None, payload: bytes) -> bytes:
    return payload


def _absent(name: str) -> None:
    raise ModuleNotFoundError(name)
