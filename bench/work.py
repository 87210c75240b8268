"""The command lines that the items of work have in common, and what must come out of them."""

import hashlib
import re
import sys
from pathlib import Path
from typing import Dict, Optional

from datasets import DataSet
from item import Contender
from measurement import Command, Failure, Output
from registry import Registry
from store import Store
from tools import LAUNCHER, Tools

OURS = "model-signing"

# The names of the hash functions elsewhere.
PYTHON = {"sha256": "sha256", "blake2b": "blake2", "blake3": "blake3"}


class Work:
    """Makes the contenders."""

    def __init__(
        self,
        tools: Tools,
        sets: Dict[str, DataSet],
        threads: int,
        scratch: Path,
        registry: Optional[Registry],
        store: Store,
    ):
        self.tools = tools
        self.registry = registry
        self.store = store
        self.sets = sets
        self.threads = threads
        self.scratch = scratch
        self.private_key = scratch / "key.pem"
        self.public_key = scratch / "key.pub"

    @property
    def peers(self):
        """The other clients that are here, by name."""
        found = (("Python", self.tools.python_client), ("Go", self.tools.go_client))
        return [(name, program) for name, program in found if program]

    def generate_key(self) -> Command:
        keys = ("--private-key", str(self.private_key), "--public-key", str(self.public_key))
        return Command((str(LAUNCHER), "generate-key", *keys), "model-signing generate-key")

    def signature(self, model: DataSet, name: str = OURS) -> Path:
        return self.scratch / f"{model.name}-{name.replace(' ', '-')}.sig"

    def sign(self, model: DataSet) -> Contender:
        return self._ours(model, "sign")

    def verify(self, model: DataSet, signature: Optional[Path] = None) -> Contender:
        """Our verification of a bundle, whose result is the root digest that it states."""
        return self._ours(model, "verify", signature or self.signature(model))

    def _ours(self, model, verb, signature=None) -> Contender:
        jobs = ("--jobs", str(self.threads))
        if verb == "sign":
            options = ("--private-key", str(self.private_key), *jobs)
        else:
            options = ("--public-key", str(self.public_key), *jobs)
        writes = None if signature else self.signature(model)
        command = Command(
            (
                *(str(LAUNCHER), verb, "key", str(model.directory)),
                *("--signature", str(signature or writes), *options),
            ),
            f"model-signing {verb} key {model.name} {' '.join(jobs)}",
        )
        return Contender(OURS, command, model, stated_digest, writes)

    def peer(self, name, program, verb, model, signature) -> Contender:
        # The options of Python are the older ones, which all its versions know.
        option = "private-key" if verb == "sign" else "public-key"
        if name == "Python":
            option = option.replace("-", "_")
        key = self.private_key if verb == "sign" else self.public_key
        command = Command(
            (
                *(program, verb, "key", str(model.directory)),
                *("--signature", str(signature), f"--{option}", str(key)),
            ),
            f"{name} {verb} key {model.name}",
        )
        writes = signature if verb == "sign" else None
        return Contender(name, command, model, nothing_stated, writes)

    def digest(self, name, algorithm, model, threads) -> Contender:
        options = ("--hash-algorithm", algorithm, "--jobs", str(threads))
        command = Command(
            (str(LAUNCHER), "digest", *options, str(model.directory)),
            f"model-signing digest {' '.join(options)} {model.name}",
        )
        return Contender(name, command, model, lambda output: output.stdout.read_text().strip())

    def python_digest(self, algorithm, model) -> Contender:
        program = Path(__file__).with_name("python_digest.py")
        command = Command(
            (self.tools.python, str(program), str(model.directory), PYTHON[algorithm]),
            f"python {program.name} {model.name} {PYTHON[algorithm]}",
        )
        return Contender(
            "Python library",
            command,
            model,
            lambda output: output.stdout.read_text().split()[0],
            inner=lambda output: float(output.stdout.read_text().split()[1]),
        )

    def sums(self, name, program, model, processes=1) -> Contender:
        """A program that prints a line with a digest for each file.

        They come in the order of the files if there is one process, and are sorted by name if there
        are several at a time.
        """
        shown = " ".join((Path(program[0]).name, *program[1:]))
        directory = model.directory
        if model.count <= 10_000 and processes == 1:
            files = tuple(name for name, _ in model.files())
            command = Command((*program, *files), f"{shown} {model.name}/*", directory)
        else:
            listed = self.scratch / f"{model.name}.files"
            with open(listed, "w") as file:
                file.writelines(f"{name}\0" for name, _ in model.files())
            # The system does not take any number of arguments at once.
            each = min(50_000, -(-model.count // processes))
            options = ("-P", str(processes)) if processes > 1 else ()
            options += ("-n", str(each))
            argv = (self.tools.xargs, "-0", *options, "-s", "1000000", *program)
            shown = f"xargs {' '.join(options)} {shown} {model.name}/*"
            command = Command(argv, shown, directory, listed)
        return Contender(
            name, command, model, lambda output: _root_of_lines(output, model, processes > 1)
        )


def helper(program: str, *arguments: str):
    """The arguments that run a program beside this file."""
    return (sys.executable, str(Path(__file__).with_name(program)), *arguments)


def stated_digest(output: Output) -> str:
    """The digest in what our sign and verify print."""
    for line in output.stdout.read_text().splitlines():
        if line.split()[:1] == ["digest"]:
            return line.split()[1]
    raise Failure("model-signing printed no digest")


def nothing_stated(output: Output) -> None:
    return None


def _root_of_lines(output: Output, model: DataSet, by_name: bool) -> str:
    """The root digest from lines of openssl (NAME(FILE)= DIGEST) or b3sum (DIGEST  FILE)."""
    root = hashlib.sha256()
    count = 0
    with open(output.stdout) as lines:
        if by_name:
            lines = sorted(lines, key=lambda line: re.match(r".*\((.*)\)= ", line)[1])
        for line in lines:
            digest = line.rpartition("= ")[2] if "= " in line else line.split()[0]
            root.update(bytes.fromhex(digest.strip()))
            count += 1
    if count != model.count:
        raise Failure(f"expected digests of {model.count} files, found {count}")
    return f"sha256:{root.hexdigest()}"
