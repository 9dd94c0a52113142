"""A clean Debian 12 in a folder, to install a package in and to look at what it leaves. Needs root and debootstrap.

It asks where this machine's own apt asks, with this machine's own settings: no address is written here.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

SUITE = "bookworm"
USER = "person"
HOME = f"/home/{USER}"
_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
# The mounts live in a name space of their own and are gone with it, and so is whatever was started.
_ENTER = """
root=$1; archives=$2; shift 2
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --bind "$archives" "$root/var/cache/apt/archives"
if [ -d /tmp/.X11-unix ]; then
    mkdir -p "$root/tmp/.X11-unix" && mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
fi
exec chroot "$root" "$@"
"""
_ENVIRONMENT = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive",
}


class CleanDebian:
    """One Debian at `folder`/try, made anew of `folder`/base, which is kept for the next time, like what apt loaded."""

    def __init__(self, folder: Path) -> None:
        """Makes it, with one user beside root; the first time takes a minute or two."""
        self.root = folder / "try"
        self._archives = folder / "archives"
        (self._archives / "partial").mkdir(parents=True, exist_ok=True)
        base = folder / "base"
        targets = list(_apt_targets())
        if not (base / "etc/debian_version").exists():
            shutil.rmtree(base, ignore_errors=True)
            mirror = next(uri for uri, suite, _ in targets if suite == SUITE)
            _run(["debootstrap", "--variant=minbase", SUITE, str(base), mirror])
        subprocess.run(["rm", "-rf", "--one-file-system", str(self.root)], check=True)
        _run(["cp", "-a", str(base), str(self.root)])
        self._be_like_this_machine(targets)
        self.run(["apt-get", "update", "-qq"])
        self.run(["useradd", "--create-home", "--shell", "/bin/sh", USER])

    def run(self, command: Sequence[str]) -> str:
        """What `command` says, run by root inside. Raises CalledProcessError, after showing what it said."""
        return _run(self._enter(command, _ENVIRONMENT))

    def owned(self, paths: Iterable[str]) -> set[str]:
        """Which of these paths belong to a package that is installed inside."""
        told = subprocess.run(
            self._enter(["dpkg-query", "--search", *sorted(paths)], _ENVIRONMENT),
            capture_output=True,
            text=True,
            check=False,  # it fails when one of them is not found
        )
        return {line.partition(": ")[2] for line in told.stdout.splitlines()}

    def start_as_user(self, command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[str]:
        """Starts `command` inside as a person who logged in would; it ends with this program at the latest."""
        person = {"HOME": HOME, "USER": USER, "LOGNAME": USER, "PATH": "/usr/bin:/bin"}
        mine = {**_ENVIRONMENT, **person, **environment}
        return subprocess.Popen(
            self._enter(["/sbin/runuser", "-u", USER, "--", *command], mine),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run_as_user(self, command: Sequence[str], longest_s: float = 300) -> str:
        """What `command` says, run by the user. Raises RuntimeError when it fails or takes too long."""
        process = self.start_as_user(command, {})
        try:
            said, _ = process.communicate(timeout=longest_s)
        finally:
            process.kill()
        if process.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
        return said

    def inside(self, path: str) -> Path:
        """Where a path of that Debian lies on this machine."""
        return self.root / path.lstrip("/")

    def files(self) -> set[str]:
        """Every file and folder, as paths of that Debian."""
        told = _run(["find", str(self.root), "-xdev", "-mindepth", "1", "-printf", "/%P\\0"])
        return set(told.split("\0")) - {""}

    def _enter(self, command: Sequence[str], environment: Mapping[str, str]) -> list[str]:
        words = [f"{name}={value}" for name, value in environment.items()]
        return [
            *("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", _ENTER, "sh"),
            *(str(self.root), str(self._archives), "env", "-i", *words, *command),
        ]

    def _be_like_this_machine(self, targets: Sequence[tuple[str, str, str]]) -> None:
        apt = self.root / "etc/apt"
        lines = sorted({f"deb {uri} {suite} {component}\n" for uri, suite, component in targets})
        (apt / "sources.list").write_text("".join(lines))
        (apt / "apt.conf.d/90this-machine").write_text(_run(["apt-config", "dump", "--no-empty", "Acquire"]))
        shutil.copyfile("/etc/resolv.conf", self.root / "etc/resolv.conf")
        if _CERTIFICATES.is_file():
            (self.root / "etc/ssl/certs").mkdir(parents=True, exist_ok=True)
            shutil.copyfile(_CERTIFICATES, self.root / _CERTIFICATES.relative_to("/"))


def _apt_targets() -> Iterator[tuple[str, str, str]]:
    """Address, suite and component of what this machine's apt asks of this Debian."""
    told = _run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"]
    )
    for line in told.splitlines():
        uri, suite, component = line.split()
        if suite.split("-")[0] == SUITE:
            yield uri, suite, component


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        print(done.stdout, flush=True)
        raise subprocess.CalledProcessError(done.returncode, command)
    return done.stdout
