"""The language of the window: chosen, loaded, asked. English is in the sources, others in resources/translations."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from app.resources import translations_dir
from app.sentences import Marks, Sentences, read_sentences

log = logging.getLogger(__name__)

ENGLISH: Final = "en"
_SENTENCES: Final = "sentences"
_GENERAL: Final = "general sentences"
_NAMES: Final = "names"
_LONGEST: Final = 4_000

_Find = Callable[[Sentences, str], str | None]
_KINDS: Final[Mapping[str, _Find]] = {
    _SENTENCES: Sentences.find,
    _GENERAL: Sentences.find_general,
    _NAMES: Sentences.find_exact,
}


def available_languages() -> tuple[str, ...]:
    """The codes of all languages there are, English first."""
    found = sorted(path.stem.partition("_")[2] for path in translations_dir().glob("tidemill_*.qm"))
    return (ENGLISH, *found)


def choose_language(setting: str, wanted: Iterable[str], available: Iterable[str]) -> str:
    """What a person set, else the first of the system's languages ("de-AT", "fr") that is there, else English."""
    there = set(available)
    if setting in there:
        return setting
    codes = (name.replace("_", "-").partition("-")[0].lower() for name in wanted)
    return next((code for code in codes if code in there), ENGLISH)


def said(text: str, domain: str = "") -> str:
    """A sentence that was made without Qt, in the language of the window; `domain` is whose plugin made it, if known."""
    return _asked(_SENTENCES, text, domain)


def named(text: str, domain: str = "") -> str:
    """What a plugin calls something (a setting, a type of task), in the language of the window; never a part of it."""
    return _asked(_NAMES, text, domain)


def said_in_general(text: str, domain: str = "") -> str:
    """The same for a sentence that stands for many of its kind: its names and numbers are left out ("…")."""
    return _asked(_GENERAL, text, domain)


class Language(QObject):
    """One language, in force while it is installed: texts, Qt's own, sentences, and how numbers and dates are written.

    `code` is "en", "de", ... English needs nothing but that numbers are written as its texts are.
    """

    def __init__(self, code: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.code = code
        self._translators: list[QTranslator] = []
        self._sentences = _SentenceTranslator(self)
        self._before = QLocale()

    def install(self) -> None:
        """Puts it in force. What is missing is told in the log, and English stands in its place."""
        self._before = QLocale()
        QLocale.setDefault(locale_of(self.code, QLocale.system()))
        if self.code == ENGLISH:
            return
        folder = translations_dir()
        self._sentences.read_later(folder / f"sentences_{self.code}.toml", self._marks())
        # The one that is installed last is asked first, and what is asked in Python should be asked least.
        QCoreApplication.installTranslator(self._sentences)
        qt = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
        self._load(qt / f"qtbase_{self.code}.qm")
        self._load(folder / f"tidemill_{self.code}.qm")

    def change(self, code: str) -> None:
        """Another language instead, from now on; what plugins say in it has to be added. What is on the screen stays."""
        self.remove()
        self.code = code
        self._sentences.deleteLater()
        self._sentences = _SentenceTranslator(self)
        self.install()

    def add_plugin(self, domain: str, sentences: Sentences) -> None:
        """From now on what the plugin of `domain` says is looked up in `sentences` too."""
        self._sentences.add(domain, sentences.with_marks(self._marks()))

    def remove(self) -> None:
        """Takes it back: English, and numbers as before."""
        for translator in (*self._translators, self._sentences):
            QCoreApplication.removeTranslator(translator)
        self._translators.clear()
        QLocale.setDefault(self._before)

    def _load(self, path: Path) -> None:
        translator = QTranslator(self)
        if translator.load(str(path)):
            QCoreApplication.installTranslator(translator)
            self._translators.append(translator)
        else:
            log.warning("translations %s cannot be loaded", path)

    def _marks(self) -> Marks:
        locale = QLocale()
        return Marks(locale.groupSeparator(), locale.decimalPoint())


def system_language(setting: str) -> str:
    """The code of the language for this person: of the setting ("system", "en", ...) and of what the system says."""
    return choose_language(setting, QLocale.system().uiLanguages(), available_languages())


def locale_of(code: str, system: QLocale) -> QLocale:
    """How numbers and dates are written: as the system does where that is of the same language, else as `code` does."""
    language = system.language()
    if language == QLocale(code).language() or (code == ENGLISH and language == QLocale.Language.C):
        return system
    # British: its times have 24 hours, like those in our texts.
    return QLocale("en_GB" if code == ENGLISH else code)


class _SentenceTranslator(QTranslator):
    """Answers for the contexts of sentences and names, and for nothing else."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._by_domain: dict[str, Sentences] = {}
        self._own: tuple[Path, Marks] | None = None
        self._found = lru_cache(maxsize=2048)(self._look_up)

    def add(self, domain: str, sentences: Sentences) -> None:
        self._by_domain[domain] = sentences
        self._found.cache_clear()

    def read_later(self, path: Path, marks: Marks) -> None:
        """The app's own sentences: read when the first one is asked for, not for the first picture."""
        self._own = path, marks

    def isEmpty(self) -> bool:
        return False

    def translate(  # type: ignore[override]  # None is "not known"; the stub says str
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        if context in _KINDS:
            return self._found(_KINDS[context], source, disambiguation or "")
        return None

    def _look_up(self, find: _Find, text: str, domain: str) -> str | None:
        if self._own is not None:
            (path, marks), self._own = self._own, None
            self._by_domain = {"": read_sentences(path).with_marks(marks), **self._by_domain}
        of_domain = [self._by_domain[domain]] if domain in self._by_domain else []
        for sentences in (*of_domain, *self._by_domain.values()):
            if (words := find(sentences, text)) is not None:
                return words
        return None


def _asked(context: str, text: str, domain: str) -> str:
    if not text or len(text) > _LONGEST or "\0" in text:
        return text
    try:
        return QCoreApplication.translate(context, text, domain)
    except UnicodeEncodeError:  # half a character, as names of files may have
        return text
