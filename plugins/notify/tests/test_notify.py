"""One sentence a job, told once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tidemill_notify.told import ToldJobs
from tidemill_notify.wording import summary_text, summary_title


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ({"completed": 198, "failed": 4, "running": 1}, "198 done, 4 failed"),
        ({"completed": 12, "running": 1}, "12 done"),
        ({"completed": 1234, "dead_letter": 1, "dependency_failed": 1, "running": 1}, "1,234 done, 2 failed"),
        ({"completed": 3, "cancelled": 2, "running": 1}, "3 done, 2 cancelled"),
        ({"completed": 3, "running": 2, "paused": 4}, "3 done, 5 still to do"),
        ({"running": 1}, "0 done"),
        ({}, "0 done"),
    ],
)
def test_a_job_is_one_sentence(counts: dict[str, int], text: str) -> None:
    assert summary_text(counts) == text


def test_the_title_is_the_jobs_name_without_its_moment() -> None:
    assert summary_title("holiday · 2026-11-24 10:00:00") == "holiday"
    assert summary_title("a · b · 2026-11-24 10:00:00 (2)") == "a · b"
    assert summary_title("plain") == "plain"


def test_a_job_is_claimed_once_over_processes(tmp_path: Path) -> None:
    told = ToldJobs(tmp_path / "told")
    assert told.claim("holiday · now")
    assert not told.claim("holiday · now")
    assert not ToldJobs(tmp_path / "told").claim("holiday · now")
    script = (
        "import sys; from pathlib import Path; from tidemill_notify.told import ToldJobs;"
        "told = ToldJobs(Path(sys.argv[1])); print(told.claim('holiday · now'), told.claim('other'))"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "told")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False True\n"


def test_old_claims_are_forgotten(tmp_path: Path) -> None:
    told = ToldJobs(tmp_path / "told")
    told.forget_old()
    told.claim("job")
    written = next((tmp_path / "told").iterdir()).stat().st_mtime
    told.forget_old(now=written + 89 * 86400)
    assert not told.claim("job")
    told.forget_old(now=written + 91 * 86400)
    assert told.claim("job")
