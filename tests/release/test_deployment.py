"""What publishes the site names all that it runs: actions, container and packages by digest."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import requires
from pathlib import Path
from typing import Any, cast

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((PROJECT / ".github/workflows").glob("*.y*ml"))
SITE = PROJECT / ".github/workflows/site.yml"
GUIDE = (PROJECT / ".github/CONTRIBUTING.md").read_text("utf-8")
ACTION = re.compile(r"[\w-]+/[\w./-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+")
IMAGE = re.compile(r"[\w./-]+(:[\w.-]+)?@sha256:[0-9a-f]{64}")
LOCKS = (".ci/build-requirements.txt", ".ci/requirements.txt")


def _jobs() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The jobs of all workflows by name."""
    for path in WORKFLOWS:
        yield from yaml.safe_load(path.read_text("utf-8"))["jobs"].items()


def _steps(job: Mapping[str, Any], action: str) -> list[Mapping[str, Any]]:
    return [step for step in job["steps"] if step.get("uses", "").startswith(f"{action}@")]


def _project() -> Mapping[str, Any]:
    return tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))


def _locked(name: str) -> dict[str, str]:
    """Versions by package of a file of requirements; each has the digests of its files."""
    text = (PROJECT / name).read_text("utf-8").replace("\\\n", " ")
    found: dict[str, str] = {}
    for line in filter(None, (line.partition("#")[0].strip() for line in text.splitlines())):
        pinned, *digests = line.split("--hash=")
        package, _, version = pinned.partition(";")[0].partition("==")
        assert digests, line
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", one) for one in digests), line
        found[canonicalize_name(package)] = version.strip()
    return found


def test_there_is_a_workflow() -> None:
    """The jobs that the tests below judge are there."""
    names = ["commands", "package", "release", "build", "test", "deploy"]
    assert [name for name, _ in _jobs()] == names


def test_every_action_is_named_by_its_commit() -> None:
    """A tag can be moved to other code; the version stands beside the commit."""
    lines = [line for path in WORKFLOWS for line in path.read_text("utf-8").splitlines()]
    used = [line.partition("uses:")[2].strip() for line in lines if "uses:" in line]
    assert len(used) == sum("uses" in step for _, job in _jobs() for step in job["steps"])
    assert [action for action in used if not ACTION.fullmatch(action)] == []


def test_every_container_is_named_by_its_digest() -> None:
    """So can the tag of an image."""
    images = [job["container"] for _, job in _jobs() if "container" in job]
    assert images
    assert [image for image in images if not IMAGE.fullmatch(image)] == []


def test_no_job_keeps_credentials_or_runs_for_ever() -> None:
    """What runs after a checkout finds no token in `.git/config`; a job that hangs is ended."""
    checkouts = [step for _, job in _jobs() for step in _steps(job, "actions/checkout")]
    assert checkouts
    assert all(step.get("with", {}).get("persist-credentials") is False for step in checkouts)
    assert [name for name, job in _jobs() if not 0 < job.get("timeout-minutes", 0) <= 90] == []


def test_no_job_may_more_than_it_does() -> None:
    """Nothing is allowed to a whole workflow; the deployment and the release alone write."""
    for path in WORKFLOWS:
        assert yaml.safe_load(path.read_text("utf-8"))["permissions"] == {}
    allowed = {name: job["permissions"] for name, job in _jobs()}
    assert allowed == {
        "commands": {"contents": "read"},
        "package": {"contents": "read"},
        "release": {"contents": "write"},
        "build": {"contents": "read"},
        "test": {"contents": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    (deploy,) = (job for _, job in _jobs() if _steps(job, "actions/deploy-pages"))
    assert deploy["concurrency"] == {"group": "pages", "cancel-in-progress": False}


def _workflow() -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", yaml.load(SITE.read_text("utf-8"), Loader=yaml.BaseLoader))


def test_the_site_is_built_each_day_and_nothing_is_committed() -> None:
    """After midnight in Taipei; no step changes the repository."""
    minute, hour, *days = _workflow()["on"]["schedule"][0]["cron"].split()
    assert ((int(hour) + 8) % 24, days) == (0, ["*", "*", "*"])
    assert 0 < int(minute) < 60
    runs = [step.get("run", "") for _, job in _jobs() for step in job["steps"]]
    assert [run for run in runs if re.search(r"git (?:commit|push)", run)] == []


def test_the_cache_is_trusted_on_reviewed_branches_alone() -> None:
    """`build/`, `site/` and the downloads of pip are kept; a pull request does not get the key."""
    steps = dict(_jobs())["build"]["steps"]
    (kept,) = _steps(dict(_jobs())["build"], "actions/cache")
    assert kept["with"]["path"].split() == ["build", "site"]
    assert any(step.get("with", {}).get("cache") == "pip" for step in steps)
    (key,) = (step["env"]["GONGBAO_CACHE_KEY"] for step in steps if "env" in step)
    assert "github.event_name != 'pull_request' && secrets.GONGBAO_CACHE_KEY" in key


def test_the_whole_site_is_handed_over() -> None:
    """Files whose names begin with a dot too, in the preview and on GitHub Pages."""
    build = dict(_jobs())["build"]
    assert _steps(build, "actions/upload-pages-artifact") == []  # it leaves them out
    preview, pages = (step["with"] for step in _steps(build, "actions/upload-artifact"))
    assert (preview["name"], preview["include-hidden-files"]) == ("preview", True)
    assert (pages["name"], pages["path"]) == ("github-pages", "${{ runner.temp }}/artifact.tar")


def test_a_fork_publishes_without_the_tests_of_the_program() -> None:
    """They are skipped there and on the daily run; a skipped test does not stop the deployment."""
    jobs = dict(_jobs())
    assert jobs["test"]["if"] == "github.event_name != 'schedule' && !github.event.repository.fork"
    assert "needs.build.result == 'success'" in jobs["deploy"]["if"]
    assert (
        """contains(fromJSON('["success", "skipped"]'), needs.test.result)"""
        in jobs["deploy"]["if"]
    )


def test_what_is_published_is_made_with_listed_packages() -> None:
    """The job that builds the site installs with digests alone, as the guide says."""
    builds = dict(_jobs())["build"]
    (install,) = (step["run"] for step in builds["steps"] if "pip install" in step.get("run", ""))
    commands = [line.removeprefix("python -m ") for line in install.splitlines()]
    assert [command for command in commands if "--require-hashes" not in command] == [
        "pip install --no-deps --no-build-isolation --editable ."
    ]
    assert all(f"    {command}\n" in GUIDE for command in commands)


def test_a_release_is_made_with_listed_packages_and_attached_apart() -> None:
    """What may write to the repository runs no code of a package."""
    jobs = dict(_jobs())
    runs = [step.get("run", "") for step in jobs["package"]["steps"]]
    installs = [line for run in runs for line in run.splitlines() if "pip install" in line]
    assert [line for line in installs if "--require-hashes" not in line] == [
        '  python -m pip install --no-deps --no-build-isolation --force-reinstall "$package"'
    ]
    assert jobs["release"]["needs"] == "package"
    assert [step.get("uses", "").partition("@")[0] for step in jobs["release"]["steps"]] == [
        "actions/download-artifact",
        "",
    ]
    assert "pip" not in jobs["release"]["steps"][1]["run"]


def test_versions_are_those_of_the_constraints() -> None:
    """Both lists name one version of a package; `setuptools` is that of pyproject.toml."""
    lines = (PROJECT / ".ci/constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    known: dict[str, str] = {}
    for name, version in (pin.split("==") for pin in pins):
        known[canonicalize_name(name)] = version
    for built in map(Requirement, _project()["build-system"]["requires"]):
        known[canonicalize_name(built.name)] = str(built.specifier).removeprefix("==")
    for name in LOCKS:
        locked = _locked(name)
        assert locked
        assert locked == {package: known.get(package) for package in locked}, name


def test_everything_that_the_program_needs_is_listed() -> None:
    """Direct or not, to be built or to run: nothing is fetched whose digest nobody knows."""
    built = {canonicalize_name(Requirement(r).name) for r in _project()["build-system"]["requires"]}
    needed, pending = set[str](), list[str](_project()["project"]["dependencies"])
    while pending:
        wanted = Requirement(pending.pop())
        name = canonicalize_name(wanted.name)
        if name not in needed and (wanted.marker is None or wanted.marker.evaluate({"extra": ""})):
            needed.add(name)
            pending += requires(name) or []
    assert len(needed) > 30
    assert set(_locked(LOCKS[0])) == built
    assert needed | built <= set(_locked(LOCKS[1]))


def test_the_lists_are_made_for_the_oldest_python_that_is_promised() -> None:
    """The versions of the lists install on each Python that pyproject.toml admits."""
    oldest = _project()["project"]["requires-python"].removeprefix(">=")
    assert f"--python-version {oldest} " in (PROJECT / ".ci/lock").read_text("utf-8")
    assert f"Python {oldest} or later, a new environment" in GUIDE


def test_no_list_names_a_host() -> None:
    """Where packages come from is the affair of whoever installs them."""
    for name in LOCKS:
        text = (PROJECT / name).read_text("utf-8")
        assert "://" not in text
        assert "index" not in text
