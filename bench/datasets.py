"""The models that are hashed: made once, always the same."""

import hashlib
import math
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Callable, Iterator, Tuple

PIECE = 1 << 20
BLOCK = 4096  # what a small file takes on most file systems
LARGE = 64 << 20


def human(size: int) -> str:
    """A number of bytes with a unit of powers of 1000."""
    for unit, power in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if size >= power:
            number = f"{size / power:.{1 if size < 10 * power else 0}f}"
            return f"{number[:-2] if number.endswith('.0') else number} {unit}"
    return f"{size} bytes"


class DataSet:
    """A model: a directory with files of known names and sizes."""

    def __init__(
        self,
        name: str,
        home: Path,
        files: Callable[[], Iterator[Tuple[str, int]]],
        holes: bool = False,
    ):
        """The files are names below the directory, in the order of code points, and sizes.

        They are generated whenever they are needed: a list of 100,000 would be memory of ours that
        counts as that of the programs (see measurement.run).
        """
        self.name = name
        self.files = files
        self._home = home
        self._holes = holes
        self.count = sum(1 for _ in files())
        self.size = sum(size for _, size in files())
        self.allocated = sum(
            (BLOCK if holes else -(-size // BLOCK) * BLOCK) for _, size in files()
        )

    @property
    def directory(self) -> Path:
        # Another size is another directory, so that no scale finds what another one made.
        return self._home / f"{self.name}-{self.count}-files-{self.size}-bytes"

    @property
    def title(self) -> str:
        files = "one file" if self.count == 1 else f"{self.count:,} files"
        return f"{files}, {human(self.size)}"

    def make(self, say: Callable[[str], None]) -> None:
        """Makes the files. What was interrupted is not taken for whole: it has another name."""
        partial = self.directory.with_name(self.directory.name + ".partial")
        if partial.exists():
            shutil.rmtree(partial)
        partial.mkdir(parents=True)
        done, said = 0, time.monotonic()
        for name, size in self.files():
            path = partial / name
            path.parent.mkdir(exist_ok=True)
            with open(path, "xb") as file:
                if self._holes:
                    # Only its start is on the disk; all of it is hashed.
                    done += file.write(_content(name, 0, min(BLOCK, size)))
                    file.truncate(size)
                    continue
                for offset in range(0, size, PIECE):
                    done += file.write(_content(name, offset, min(PIECE, size - offset)))
                    if time.monotonic() - said > 5:
                        say(f"  {human(done)} of {human(self.size)}")
                        said = time.monotonic()
        partial.rename(self.directory)

    def is_whole(self) -> bool:
        """Whether the files are there with their sizes, and no others."""
        if not self.directory.is_dir():
            return False
        found = sum(len(names) for _, _, names in os.walk(self.directory))
        try:
            return found == self.count and all(
                os.stat(self.directory / name).st_size == size for name, size in self.files()
            )
        except FileNotFoundError:
            return False

    def read(self) -> Iterator[Iterator[memoryview]]:
        """The contents file by file, in pieces; reading them brings them into the page cache."""
        buffer = bytearray(PIECE)
        for name, _ in self.files():
            yield _pieces(self.directory / name, buffer)

    def rewrite(self, dd: str) -> None:
        """Writes all files anew, in blocks of 64 MiB, so that they are in the page cache in pieces
        as large as the system makes them: then a program that maps files is fastest.

        The blocks are in another process, as memory of ours would count as that of the programs.
        """
        partial = self.directory.with_name(self.directory.name + ".rewritten")
        try:
            for name, _ in self.files():
                path = self.directory / name
                command = (dd, f"if={path}", f"of={partial}", f"bs={LARGE}")
                subprocess.run(command, stderr=subprocess.DEVNULL, check=True)
                partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        os.sync()  # or writing goes on beside what is measured

    def root_digest(self, algorithm: str) -> str:
        """The root digest by hashlib: SHA-256 over the digests of the files (OMS 6.5.1)."""
        root = hashlib.sha256()
        for file in self.read():
            digest = hashlib.new(algorithm)
            for piece in file:
                digest.update(piece)
            root.update(digest.digest())
        return f"sha256:{root.hexdigest()}"


class Given(DataSet):
    """A small model that is there already, and is not ours to make."""

    def __init__(self, name: str, directory: Path):
        self._directory = directory

        def files():
            found = (path for path in directory.rglob("*") if path.is_file())
            for path in sorted(found, key=lambda path: path.relative_to(directory).as_posix()):
                yield path.relative_to(directory).as_posix(), path.stat().st_size

        super().__init__(name, directory.parent, files)

    @property
    def directory(self) -> Path:
        return self._directory


def _pieces(path: Path, buffer: bytearray) -> Iterator[memoryview]:
    view = memoryview(buffer)
    with open(path, "rb", buffering=0) as file:
        while True:
            length = file.readinto(buffer)
            if not length:
                return
            yield view[:length]


def _content(name: str, offset: int, length: int) -> bytes:
    # Bytes that nothing can compress or share, and that do not depend on the version of Python.
    return hashlib.shake_128(f"model-signing bench/{name}/{offset}".encode()).digest(length)


def data_sets(home: Path, scale: float) -> "dict[str, DataSet]":
    """The data sets by name; the scale changes how many small files, and how big the others."""

    def scaled(number: int, least: int) -> int:
        return max(least, round(number * scale))

    def one():
        yield "weights.bin", scaled(4_000_000_000, PIECE)

    def shards():
        for i in range(1, 65):
            yield f"weights-{i:02}-of-64.bin", scaled(62_500_000, 10_000)

    def parts():
        for i in range(1, 65):
            yield f"weights-{i:02}-of-64.bin", scaled(31_250_000, 10_000)

    def mixed():
        count = scaled(10_000, 10)
        for directory in range(100):
            # Sizes at equal steps of their logarithm, from 4 KB to 1 MB; all kinds everywhere.
            for i in range(directory, count, 100):
                yield f"{directory:02}/{i:05}.bin", round(4_000 * math.pow(250, i / (count - 1)))

    def small():
        for i in range(scaled(100_000, 100)):
            yield f"{i // 1000:02}/{i:05}.bin", 4_000

    def swarm():
        for i in range(scaled(500_000, 1000)):
            yield f"{i // 1000:03}/{i:06}.bin", 10

    def tiny():
        yield from (("config.json", 700), ("tokenizer.json", 20_000), ("weights.bin", 100_000))

    def many():
        for i in range(scaled(100_000, 100)):
            yield f"{i // 1000:02}/{i:05}.bin", 1_000_000

    def hundred():
        for i in range(1, 9):
            yield f"weights-{i}-of-8.bin", scaled(12_500_000, 10_000)

    makers = (one, shards, parts, mixed, small, swarm, tiny, hundred, many)
    return {
        maker.__name__: DataSet(maker.__name__, home, maker, holes=maker is many)
        for maker in makers
    }
