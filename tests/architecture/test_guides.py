"""What README, CONTRIBUTING and docs/ tell a person to type, open or write is true."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ["README.md", "CONTRIBUTING.md"]
RUN_ACTIONS = """
import asyncio, os, sys
from pathlib import Path
os.environ["HOME"] = os.environ["USERPROFILE"] = sys.argv[1]
from scheduler_core import PluginServices, Scheduler, TaskStore, checked_actions
from tidemill_words.plugin import WordsPlugin, WordsSettings

async def main():
    plugin, told, here = WordsPlugin(), [], Path(sys.argv[1])
    services = PluginServices(here, here, lambda title, text: told.append(text), None)
    domain = plugin.build(WordsSettings(), services)
    (action,) = checked_actions(plugin)
    async with Scheduler(store=TaskStore.in_memory(), domains=[domain]) as scheduler:
        outcome = await action.run(scheduler)
        await scheduler.wait_idle()
    print(outcome if isinstance(outcome, str) else ", ".join([outcome.title, *told]))

asyncio.run(main())
"""
"""Has the plugin of the authors' guide do all that its menu offers, in the home folder that is named."""
PAGES = [*GUIDES, *sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/**/*.md"))]


def run(*command: str | Path, cwd: Path = ROOT, path: str = "") -> subprocess.CompletedProcess[str]:
    """The command to its end, without a display."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        list(command),
        cwd=cwd,
        env={**kept, "PYTHONPATH": path or str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text("utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("guide", GUIDES)
def test_every_make_command_that_is_written_down_exists(guide: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
    named = set(
        re.findall(r"(?:^ {4}|`)make ([a-z-]+)", (ROOT / guide).read_text("utf-8"), flags=re.MULTILINE)
    )
    assert named, "a guide that names no command is none"
    assert named <= targets


@pytest.mark.parametrize("page", PAGES)
def test_every_option_of_tidemill_that_is_written_down_exists(page: str) -> None:
    lines = [line for line in (ROOT / page).read_text("utf-8").splitlines() if "tidemill run" in line]
    options = {option for line in lines for option in re.findall(r"--[a-z-]+", line)}
    assert options <= set(re.findall(r"--[a-z-]+", run(sys.executable, "-m", "app", "run", "--help").stdout))


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_is_linked_exists(page: str) -> None:
    here = (ROOT / page).parent
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", (ROOT / page).read_text("utf-8"))
    missing = [link for link in links if not (here / link).exists()]
    assert not missing


def test_the_example_of_the_readme_runs(tmp_path: Path) -> None:
    (example,) = blocks("README.md", "python")
    (tmp_path / "example.py").write_text(example)
    ended = run(sys.executable, "-W", "error", "example.py", cwd=tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "Hello, world\n", "")


def test_the_plugin_of_the_authors_guide_works(tmp_path: Path) -> None:
    written = {}
    for block in (*blocks("docs/plugins.md", "toml"), *blocks("docs/plugins.md", "python")):
        name, _, text = block.partition("\n")
        written[name.removeprefix("# ")] = text
    source = tmp_path / "words" / "src"
    for name, text in written.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (source / "tidemill_words" / "__init__.py").touch()
    _install(tomllib.loads(written["words/pyproject.toml"]), source)
    letter = tmp_path / "letter.txt"
    letter.write_text("four words of text")

    ended = run(
        *(sys.executable, "-W", "error", "-m", "app", "run", "--headless", "--until-idle"),
        *("--data-dir", tmp_path / "data", "--take", letter),
        cwd=tmp_path,
        path=os.pathsep.join((str(ROOT), str(source))),
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "letter.txt: 4 words" in ended.stdout

    documents = tmp_path / "home" / "Documents"
    documents.mkdir(parents=True)
    for expected in ("There is no text file in Documents", "1 text files, 3 words"):
        said = run(
            *(sys.executable, "-W", "error", "-c", RUN_ACTIONS, documents.parent),
            cwd=tmp_path,
            path=os.pathsep.join((str(ROOT), str(source))),
        )
        assert (said.returncode, said.stdout.strip()) == (0, expected), said.stderr
        (documents / "note.txt").write_text("three words more")


def _install(project: dict[str, dict[str, object]], site: Path) -> None:
    """What pip writes for an editable installation, so far as entry points go."""
    (group,) = project["project"]["entry-points"].items()  # type: ignore[attr-defined]
    info = site / "tidemill_words-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tidemill-words\nVersion: 0.1.0\n")
    lines = [f"[{group[0]}]", *(f"{name} = {value}" for name, value in group[1].items())]
    (info / "entry_points.txt").write_text("\n".join(lines))
