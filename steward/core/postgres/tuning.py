"""The server's settings: sized by the machine, with the time-outs that keep one forgotten transaction from holding everybody."""

import os
import shutil
from pathlib import Path

HBA = """\
# Written by Steward. One way in: the socket, with a password.
local all all scram-sha-256
"""

MAIN = """\
# Written by Steward once. What stands in steward.conf is written again at every start;
# put settings of your own below the line, they win.
include 'steward.conf'
# ----------------------------------------------------------------------------------
"""


def machine_memory() -> int:
    """Give the bytes of memory this machine, or the container around us, has."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes")):
        try:
            memory = min(memory, int(path.read_text()))
        except (OSError, ValueError):
            continue
    return memory


def settings(*, memory: int, processors: int, durable: bool = True) -> dict[str, str]:
    """Size the server: an eighth of the memory to itself, because the desk runs beside it."""
    megabytes = memory // 2**20
    chosen = {
        "shared_buffers": f"{_clamp(megabytes // 8, 64, 2048)}MB",
        "effective_cache_size": f"{_clamp(megabytes // 2, 256, 65536)}MB",
        "maintenance_work_mem": f"{_clamp(megabytes // 32, 64, 1024)}MB",
        "work_mem": f"{_clamp(megabytes // 512, 4, 64)}MB",
        "max_connections": "100",
        "max_parallel_workers_per_gather": str(_clamp(processors // 2, 0, 2)),
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # One open write anywhere holds back every subscriber of the ledger.
        "idle_in_transaction_session_timeout": "30s",
        "transaction_timeout": "120s",
        "password_encryption": "scram-sha-256",
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "postgresql-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_file_mode": "0600",
        # The detail of an error quotes values, and values are people's words.
        "log_error_verbosity": "terse",
        "log_lock_waits": "on",
        "log_autovacuum_min_duration": "-1",
        "log_checkpoints": "off",
    }
    if not _has_shared_memory():
        chosen["dynamic_shared_memory_type"] = "mmap"
    if not durable:
        chosen |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return chosen


def written(chosen: dict[str, str]) -> str:
    """Write settings as PostgreSQL reads them."""
    return "# Written by Steward at every start.\n" + "".join(f"{name} = '{value}'\n" for name, value in chosen.items())


def closed_options(socket_folder: Path) -> list[str]:
    """Give the options that keep the server closed; on the command line, so no file can loosen them."""
    quoted = '"' + str(socket_folder).replace('"', '""') + '"'
    return [
        "-c", "listen_addresses=",
        "-c", "port=5432",
        "-c", f"unix_socket_directories={quoted}",
        "-c", "unix_socket_permissions=0700",
    ]  # fmt: skip


def _clamp(value: int, low: int, high: int) -> int:
    return max(low, min(value, high))


def _has_shared_memory() -> bool:
    # Containers often get 64 MB, which one parallel hash join can outgrow.
    try:
        return shutil.disk_usage("/dev/shm").total >= 256 * 2**20  # noqa: S108
    except OSError:
        return True
