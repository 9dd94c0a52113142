"""The package's dependencies come from the files: what they need of the linker, and who has it."""

from __future__ import annotations

from pathlib import Path

OBJDUMP = """
/app/_internal/libfirst.so:     file format elf64-x86-64

Program Header:
    LOAD off    0x0000000000000000 vaddr 0x0000000000000000

Dynamic Section:
  NEEDED               libEGL.so.1
  NEEDED               libc.so.6
  SONAME               libfirst.so

Version References:
  required from libc.so.6:
    0x09691a75 0x00 03 GLIBC_2.2.5
    0x069691b4 0x00 02 GLIBC_2.34

/app/two words.so:     file format elf64-x86-64

Dynamic Section:
  SONAME               libsecond.so
"""


def test_needs_are_read_from_what_objdump_tells() -> None:
    from depends import Needs, parse_needs

    assert dict(parse_needs(OBJDUMP)) == {
        Path("/app/_internal/libfirst.so"): Needs({"libEGL.so.1", "libc.so.6"}, (2, 34)),
        Path("/app/two words.so"): Needs(),
    }


def test_a_folder_without_binaries_needs_nothing(tmp_path: Path) -> None:
    from depends import read_needs

    (tmp_path / "text.so").write_text("/* GNU ld script */")
    assert not list(read_needs(tmp_path))
