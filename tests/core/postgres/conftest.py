"""Servers of their own, in folders another user could reach if nothing kept them out."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from steward.core.postgres import Server
from steward.core.postgres.processes import read_postmaster, stop


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Give a folder everybody may enter; pytest's own are closed to the server's user when root runs the tests."""
    yield from _folder()


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    """Give one running server for the tests that only look at it."""
    for folder in _folder():
        server = Server(folder / "data", durable=False)
        server.ensure_running()
        yield server
        server.leave()


def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="stw-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    for pid_file in folder.rglob("postmaster.pid"):
        left = read_postmaster(pid_file.parent)
        if left:
            stop(left.pid, is_gone=lambda cluster=pid_file.parent: read_postmaster(cluster) is None)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def as_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to become another user")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole servers are started, killed and stopped here: none of it belongs to the quick part."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.crash)
