"""Sentences that were made without Qt, looked up by their patterns."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import pytest

from app.sentences import Marks, Sentences, read_sentences

WORDS = {
    "it is cut off": "ist abgeschnitten",
    "a picture": "ein Bild",
    "done": "fertig",
    "{0} done": "{0} fertig",
    "{0} failed": "{0} Fehler",
    "{0}: it has {1} MB, and {2} MB are allowed": "{0}: hat {1} MB, erlaubt sind {2} MB",
    "{0}: its name says {1} (.{2}), but it is {3}": "{0}: dem Namen nach {1} (.{2}), dem Inhalt nach {3}",
    "{0}: {1}. Check the network": "{0}: {1}. Prüfen Sie das Netzwerk",
    "{0}: {1}. Check the network and the link": "{0}: {1}. Prüfen Sie Netzwerk und Link",
    "{1} of {0}": "{0}: {1}",
    "timed out": "Zeitüberschreitung",
    "unfinished": "",
}


@pytest.fixture
def sentences() -> Sentences:
    return Sentences(WORDS, Marks(group=".", decimal=","))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("it is cut off", "ist abgeschnitten"),
        # What stands for a value is kept, whatever it is, but for its numbers.
        (
            "a {0} %s.jpg: it has 1,204.5 MB, and 4,096.0 MB are allowed",
            "a {0} %s.jpg: hat 1.204,5 MB, erlaubt sind 4.096,0 MB",
        ),
        ("v1.2.jpg: it is cut off", "v1.2.jpg: ist abgeschnitten"),
        # A value that is known itself is put into the language too.
        (
            "x.pdf: its name says a file (.pdf), but it is a picture (PNG)",
            "x.pdf: dem Namen nach a file (.pdf), dem Inhalt nach ein Bild (PNG)",
        ),
        ("host: timed out. Check the network", "host: Zeitüberschreitung. Prüfen Sie das Netzwerk"),
        # The pattern that says most is taken.
        ("host: gone. Check the network and the link", "host: gone. Prüfen Sie Netzwerk und Link"),
        # Enumerations, and lines.
        ("1,198 done, 4 failed", "1.198 fertig, 4 Fehler"),
        ("a: it is cut off\nsomething else", "a: ist abgeschnitten\nsomething else"),
        # A count is a number.
        ("The build failed", None),
        ("nobody knows this", None),
        ("unfinished", None),
        ("", None),
    ],
)
def test_a_sentence_is_found_by_its_pattern(sentences: Sentences, text: str, words: str | None) -> None:
    assert sentences.find(text) == words


def test_what_many_have_in_common_leaves_out_what_differs(sentences: Sentences) -> None:
    assert (
        sentences.find_general("a.jpg: it has 12.5 MB, and 4.0 MB are allowed")
        == "…: hat … MB, erlaubt sind … MB"
    )
    assert sentences.find_general("a.jpg: it is cut off") == "…: ist abgeschnitten"
    assert (
        sentences.find_general("host: timed out. Check the network")
        == "…: Zeitüberschreitung. Prüfen Sie das Netzwerk"
    )


def test_a_name_is_found_as_it_stands_only(sentences: Sentences) -> None:
    assert sentences.find_exact("done") == "fertig"
    assert sentences.find_exact("4 failed") is None


@pytest.mark.parametrize("piece", [": it has ", ", a", " (", "a\n", ": ", "1 done, "])
def test_a_long_text_of_no_pattern_costs_little(sentences: Sentences, piece: str) -> None:
    """No pattern goes wrong on a text that nearly fits."""
    begun_s = time.process_time()
    for _ in range(10):
        assert sentences.find("it is cut off, too") is None
    short_s = time.process_time() - begun_s
    begun_s = time.process_time()
    assert sentences.find(piece * (4_000 // len(piece))) is None
    # Ten short ones are about a twentieth of its length; a search that tries all ways takes thousands of times as long.
    assert time.process_time() - begun_s < 200 * short_s + 0.05


def test_a_file_that_is_missing_or_broken_is_english(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert not read_sentences(tmp_path / "xx.toml")
    assert not caplog.records
    broken = tmp_path / "de.toml"
    broken.write_text('"Take in" = ')
    with caplog.at_level(logging.WARNING):
        assert not read_sentences(broken)
    assert str(broken) in caplog.text
    broken.write_text('"Take in" = "Aufnehmen"\n"Odd" = 5\n')
    assert read_sentences(broken).find("Take in") == "Aufnehmen"
    assert read_sentences(broken).find("Odd") is None
