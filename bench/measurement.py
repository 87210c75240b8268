"""Runs a command and says what it took."""

import contextlib
import os
import resource
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Tuple

DROP_CACHES = Path("/proc/sys/vm/drop_caches")


class Failure(Exception):
    """The benchmark cannot go on, for a reason that its user should read."""


@dataclass(frozen=True)
class Command:
    """A program with arguments."""

    argv: Tuple[str, ...]
    shown: str
    """The command for people, without the paths of this machine."""
    directory: Path = Path("/")
    stdin: Path = Path(os.devnull)


@dataclass(frozen=True)
class Sample:
    """What one run took."""

    seconds: float
    processor_seconds: float
    peak: Optional[int]
    """Peak resident memory in bytes; None if it is too little to tell from our own."""
    inner_seconds: Optional[float] = None
    """The part of the work without its start, if the program measures that itself."""
    read: Optional[int] = None
    """Bytes that a registry has sent, if they were counted."""


@dataclass(frozen=True)
class Output:
    """What a run printed, in files."""

    stdout: Path
    stderr: Path


def _peak(usage) -> int:
    return usage.ru_maxrss if sys.platform == "darwin" else usage.ru_maxrss * 1024


def run(command: Command, scratch: Path) -> Tuple[Sample, Output]:
    """Runs a command that must succeed; from before its start until its end is what counts."""
    output = Output(scratch / "stdout", scratch / "stderr")
    write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    files = [
        (os.POSIX_SPAWN_OPEN, 0, str(command.stdin), os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(output.stdout), write, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, str(output.stderr), write, 0o600),
    ]
    os.chdir(command.directory)
    started = time.perf_counter()
    pid = os.posix_spawn(command.argv[0], command.argv, os.environ, file_actions=files)
    try:
        _, status, usage = os.wait4(pid, 0)
    except BaseException:  # an interrupt: nothing goes on behind our back
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(pid, signal.SIGTERM)
            os.waitpid(pid, 0)
        raise
    seconds = time.perf_counter() - started

    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        said = output.stderr.read_text(errors="replace") + output.stdout.read_text(errors="replace")
        raise Failure(f"{command.shown}: ended with status {code}: {said.strip()[-2000:]}")
    # Linux counts the memory of the process that started another one as the other's too, so what
    # is not above ours says nothing. That is why nothing here holds much in memory.
    peak = _peak(usage)
    ours = _peak(resource.getrusage(resource.RUSAGE_SELF))
    return (
        Sample(seconds, usage.ru_utime + usage.ru_stime, peak if peak > ours else None),
        output,
    )


def can_drop_caches() -> bool:
    return os.access(DROP_CACHES, os.W_OK)


def drop_caches() -> None:
    """Has the kernel forget all files, so that they come from the disk again."""
    os.sync()
    DROP_CACHES.write_text("3")
