"""The work that is measured: who does what on which data set, and what must come out."""

import dataclasses
import hashlib
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Dict, List, Optional

from datasets import DataSet, human
from measurement import Command, Failure, Output
from registry import Registry
from store import BUCKET, Store
from tools import LAUNCHER, Tools

OURS = "model-signing"

# The names of the hash functions elsewhere.
OPENSSL = {"sha256": "-sha256", "blake2b": "-blake2b512"}
PYTHON = {"sha256": "sha256", "blake2b": "blake2", "blake3": "blake3"}


@dataclass(frozen=True)
class Contender:
    """One program in an item of work."""

    name: str
    command: Command
    model: DataSet
    result: Callable[[Output], Optional[str]]
    """The root digest that a run found; None if the program only says that it agrees."""
    writes: Optional[Path] = None
    """The file that a run writes; it is removed before."""
    copies: Optional[Path] = None
    """The directory that a run makes, with the files of the model; it is removed before and after."""
    inner: Optional[Callable[[Output], float]] = None
    """How long the work took without the start, in seconds, if the program tells."""
    counted: bool = False
    """Whether it asks the registry by way of the relay."""


@dataclass(frozen=True)
class Item:
    """Work that the first contender and the others do in turn."""

    name: str
    title: str
    algorithm: str
    contenders: List[Contender]
    at_most: Dict[str, float] = field(default_factory=dict)
    """The greatest ratio of the first contender to another one that we want, by name."""
    measure: str = "seconds"
    """What is compared: seconds, the peak of memory in bytes, or the bytes that were read."""
    ceiling: Optional[int] = None
    """What the measure must stay below whatever the ratio."""
    cold: bool = False
    """Whether it is worth doing with files that come from the disk."""
    registry: bool = False
    """Whether the models have to be in the registry."""
    store: bool = False
    """Whether the models have to be in the object store."""


class Work:
    """Makes the items."""

    def __init__(
        self,
        tools: Tools,
        sets: Dict[str, DataSet],
        threads: int,
        scratch: Path,
        registry: Optional[Registry],
        store: Store,
    ):
        self._tools = tools
        self._registry = registry
        self._store = store
        self._sets = sets
        self._threads = threads
        self._scratch = scratch
        self.private_key = scratch / "key.pem"
        self.public_key = scratch / "key.pub"

    def items(self) -> List[Item]:
        sets = self._sets
        small = {"Python library": 0.25}
        items = [
            # First, since it finds soonest what does not work.
            self._verify("verify-tiny", sets["tiny"], {"Python": 0.30}),
            self._digest("sha256-one", "sha256", sets["one"], {"openssl": 0.95}, cold=True),
            self._digest("sha256-shards", "sha256", sets["shards"], {"openssl": 0.56}, cold=True),
            self._digest("sha256-mixed", "sha256", sets["mixed"], {}, cold=True),
            self._digest("sha256-small", "sha256", sets["small"], small, cold=True),
            self._digest("blake3-one", "blake3", sets["one"], {"b3sum": 2.5}, cold=True),
            self._digest("blake3-shards", "blake3", sets["shards"], {}),
            self._digest("blake3-small", "blake3", sets["small"], {}),
            self._digest("blake2b-one", "blake2b", sets["one"], {}),
            self._verify("verify-shards", sets["shards"], {"Python": 0.90}),
            self._verify("verify-mixed", sets["mixed"], {}),
            self._verify("verify-small", sets["small"], {"Go": 0.40}),
            self._sign("sign-small", sets["small"]),
            self._verify_and_copy("verify-copy-shards", sets["shards"], {"verify, then cp": 1.25}),
            self._verify_and_copy("verify-copy-small", sets["small"], {}),
            self._verify("verify-swarm", sets["swarm"], {"Go": 0.30}),
            self._sign("sign-swarm", sets["swarm"], {"Go": 0.30}),
            self._sign_again("sign-update", sets["many"], {"all of it": 0.10}),
            self._memory("memory-one", sets["one"]),
            self._memory("memory-shards", sets["shards"]),
            self._memory("memory-small", sets["small"]),
            self._copy_memory("verify-copy-memory", sets["one"]),
            self._peak("verify-small-memory", self._verify, sets["small"], 110_000_000),
            self._peak("verify-swarm-memory", self._verify, sets["swarm"], 200_000_000),
            self._peak("sign-swarm-memory", self._sign, sets["swarm"], 150_000_000),
            self._sign_in_store("sign-s3-shards", sets["shards"], {"download, then sign": 1.0}),
            self._sign_in_store("sign-s3-small", sets["small"], {}),
            self._store_memory("sign-s3-memory", sets["swarm"], 450_000_000),
        ]
        if self._registry:
            items += [
                # In this order, as the first one has one signature to find.
                self._pull("pull-shards", sets["shards"], {"oras pull": 1.25}),
                self._sign_in_registry("sign-registry-read", sets["shards"]),
            ]
        if self._threads > 1:
            one_thread = self._digest("blake3-one-thread", "blake3", sets["one"], {}, threads=1)
            items.insert(6, one_thread)
        return items

    def generate_key(self) -> Command:
        keys = ("--private-key", str(self.private_key), "--public-key", str(self.public_key))
        return Command((str(LAUNCHER), "generate-key", *keys), "model-signing generate-key")

    def signature(self, model: DataSet, name: str = OURS) -> Path:
        return self._scratch / f"{model.name}-{name.replace(' ', '-')}.sig"

    def sign(self, model: DataSet) -> Contender:
        return self._ours(model, "sign")

    def verify(self, model: DataSet, signature: Path) -> Contender:
        """Our verification of a bundle, whose result is the root digest that it states."""
        return self._ours(model, "verify", signature)

    def _digest(self, name, algorithm, model, at_most, threads=None, cold=False) -> Item:
        threads = threads or self._threads
        tools = self._tools
        contenders = [self._ours_digest(OURS, algorithm, model, threads)]
        if algorithm == "blake3":
            if tools.b3sum:
                contenders.append(
                    self._sums("b3sum", (tools.b3sum, "--num-threads", str(threads)), model)
                )
        elif tools.openssl and (algorithm != "blake2b" or tools.openssl_blake2b):
            contenders.append(
                self._sums("openssl", (tools.openssl, "dgst", OPENSSL[algorithm]), model)
            )
        # The library takes all processors, so it is left out where others take one.
        if tools.python and threads == self._threads:
            contenders.append(self._python_digest(algorithm, model))
        title = f"digest, {algorithm}, {model.title}"
        if threads != self._threads:
            title += f", {threads} thread"
        return Item(name, title, algorithm, contenders, at_most, cold=cold)

    def _verify(self, name, model, at_most) -> Item:
        tools = self._tools
        signature = self.signature(model)
        contenders = [self.verify(model, signature)]
        for peer, program in (("Python", tools.python_client), ("Go", tools.go_client)):
            if program:
                contenders.append(self._peer(peer, program, "verify", model, signature))
        return Item(name, f"verify key, sha256, {model.title}", "sha256", contenders, at_most)

    def _verify_and_copy(self, name, model, at_most) -> Item:
        """A verified copy against verifying and writing the same bytes by somebody else."""
        contenders = [self._copying(model, OURS), self._verify_then_cp(model)]
        title = f"verify key --copy-to, sha256, {model.title}"
        return Item(name, title, "sha256", contenders, at_most)

    def sign_in_registry(self, model: DataSet) -> Contender:
        """Signs a model where it is, and attaches the signature."""
        options = ("--private-key", str(self.private_key))
        command = Command(
            (
                *(str(LAUNCHER), "sign", "key"),
                *(f"oci://{self._registry.reference(model, counted=True)}", *options),
            ),
            f"model-signing sign key oci://HOST/bench/{model.name}:1",
        )
        return Contender(OURS, command, model, _stated_digest, counted=True)

    def _sign_in_registry(self, name, model) -> Item:
        title = f"bytes read, sign key oci://..., sha256, {model.title}"
        contenders = [self.sign_in_registry(model)]
        return Item(
            name, title, "sha256", contenders, measure="read", ceiling=1_000_000, registry=True
        )

    def _signing_in_store(self, model: DataSet) -> Contender:
        plain = self._ours(model, "sign")
        argv = [
            f"s3://{BUCKET}/{model.name}" if word == str(model.directory) else word
            for word in plain.command.argv
        ]
        jobs = argv.index("--jobs")  # for hashing; a store has its own default
        del argv[jobs : jobs + 2]
        shown = plain.command.shown.replace(model.name, f"s3://{BUCKET}/{model.name}", 1)
        command = Command(
            ("/usr/bin/env", *self._store.environment(), *argv), shown.partition(" --jobs")[0]
        )
        return dataclasses.replace(plain, command=command)

    def _sign_in_store(self, name, model, at_most) -> Item:
        """Signing a model where it is, against downloading it first: time, and a copy on the disk."""
        copy = self._scratch / "copy"
        plain = self._ours(model, "sign")
        argv = tuple(
            str(copy) if word == str(model.directory) else word for word in plain.command.argv
        )
        download = (sys.executable, str(Path(__file__).with_name("store.py")), "download")
        script = '"$1" "$2" "$3" "$4" "$5" "$6" && shift 6 && exec "$@"'
        command = Command(
            (
                *("/bin/sh", "-c", script, "sh", *download),
                *(self._store.address, model.name, str(copy), *argv),
            ),
            f"download {model.name} && {plain.command.shown.replace(model.name, 'copy', 1)}",
        )
        contenders = [
            self._signing_in_store(model),
            dataclasses.replace(plain, name="download, then sign", command=command, copies=copy),
        ]
        title = f"sign key s3://..., sha256, {model.title}"
        return Item(name, title, "sha256", contenders, at_most, store=True)

    def _store_memory(self, name, model, ceiling) -> Item:
        title = f"memory, sign key s3://..., sha256, {model.title}"
        contenders = [self._signing_in_store(model)]
        return Item(
            name, title, "sha256", contenders, measure="peak", ceiling=ceiling, store=True
        )

    def _pull(self, name, model, at_most) -> Item:
        """A verified copy from a registry against a copy that nobody has verified, and that with
        a verification after it."""
        copy = self._scratch / "copy"
        reference = self._registry.reference(model)
        oras = (self._tools.oras, "pull", "--plain-http", reference, "-o", str(copy))
        options = ("--public-key", str(self.public_key), "--jobs", str(self._threads))
        ours = Command(
            (
                *(str(LAUNCHER), "verify", "key", f"oci://{reference}", "--pull", str(copy)),
                *options,
            ),
            f"model-signing verify key oci://HOST/bench/{model.name}:1 --pull copy",
        )
        shown = f"oras pull HOST/bench/{model.name}:1 -o copy"
        script = '"$1" pull --plain-http "$2" -o "$3" && shift 3 && exec "$@"'
        then = Command(
            (
                *("/bin/sh", "-c", script, "sh", self._tools.oras, reference, str(copy)),
                *(str(LAUNCHER), "verify", "key", str(copy)),
                *("--signature", str(self.signature(model)), *options),
            ),
            f"{shown} && model-signing verify key copy",
        )
        contenders = [
            Contender(OURS, ours, model, _stated_digest, copies=copy),
            Contender("oras pull", Command(oras, shown), model, _nothing_stated, copies=copy),
            Contender("oras pull, then verify", then, model, _stated_digest, copies=copy),
        ]
        title = f"verify key oci://... --pull, sha256, {model.title}"
        return Item(name, title, "sha256", contenders, at_most, registry=True)

    def _copy_memory(self, name, model) -> Item:
        base = self._sets["hundred"]
        itself = f"itself, {human(base.size)}"
        contenders = [self._copying(model, OURS), self._copying(base, itself)]
        title = f"memory, verify key --copy-to, sha256, {model.title}"
        return Item(name, title, "sha256", contenders, {itself: 1.3}, "peak", ceiling=200_000_000)

    def _copying(self, model, name) -> Contender:
        plain = self._ours(model, "verify", self.signature(model))
        copy = self._scratch / "copy"
        command = Command(
            (*plain.command.argv, "--copy-to", str(copy)), f"{plain.command.shown} --copy-to copy"
        )
        return dataclasses.replace(plain, name=name, command=command, copies=copy)

    def _verify_then_cp(self, model) -> Contender:
        plain = self._ours(model, "verify", self.signature(model))
        copy = self._scratch / "copy"
        # Blocks that two files share are no copy.
        script = 'from=$1; to=$2; shift 2; "$@" && cp --reflink=never -R "$from" "$to"'
        command = Command(
            ("/bin/sh", "-c", script, "sh", str(model.directory), str(copy), *plain.command.argv),
            f"{plain.command.shown} && cp -R {model.name} copy",
        )
        return dataclasses.replace(plain, name="verify, then cp", command=command, copies=copy)

    def _sign(self, name, model, at_most=None) -> Item:
        tools = self._tools
        contenders = [self.sign(model)]
        for peer, program in (("Python", tools.python_client), ("Go", tools.go_client)):
            if program:
                signature = self.signature(model, peer)
                contenders.append(self._peer(peer, program, "sign", model, signature))
        title = f"sign key, sha256, {model.title}"
        return Item(name, title, "sha256", contenders, at_most or {})

    def _sign_again(self, name, model, at_most) -> Item:
        """Signing after one file has changed, against reading all of them."""
        plain = self._ours(model, "sign")
        changed, _ = next(model.files())
        signature = self._scratch / f"{model.name}-update.sig"
        # What is in the file stays the same, as every run must find the same digest. The first
        # run, which reads everything, is the warm-up.
        script = 'XDG_STATE_HOME=$1 && export XDG_STATE_HOME && touch "$2" && shift 2 && exec "$@"'
        argv = tuple(
            str(signature) if word == str(plain.writes) else word for word in plain.command.argv
        )
        command = Command(
            (
                *("/bin/sh", "-c", script, "sh", str(self._scratch / "state")),
                *(str(model.directory / changed), *argv, "--update"),
            ),
            f"touch {changed} && {plain.command.shown} --update",
        )
        contenders = [
            dataclasses.replace(plain, command=command, writes=None),
            dataclasses.replace(plain, name="all of it"),
        ]
        title = f"sign key --update after a change of one file, sha256, {model.title}"
        return Item(name, title, "sha256", contenders, at_most)

    def _peak(self, name, work, model, ceiling) -> Item:
        """The peak of memory of a whole command, which is to stay below a number of bytes."""
        item = work(name, model, {})
        title = f"memory, {item.title}"
        return dataclasses.replace(item, title=title, measure="peak", ceiling=ceiling)

    def _memory(self, name, model) -> Item:
        base = self._sets["hundred"]
        itself = f"itself, {human(base.size)}"
        contenders = [
            self._ours_digest(OURS, "sha256", model, self._threads),
            self._ours_digest(itself, "sha256", base, self._threads),
        ]
        title = f"memory, digest, sha256, {model.title}"
        return Item(name, title, "sha256", contenders, {itself: 1.3}, "peak", ceiling=200_000_000)

    def _ours_digest(self, name, algorithm, model, threads) -> Contender:
        options = ("--hash-algorithm", algorithm, "--jobs", str(threads))
        command = Command(
            (str(LAUNCHER), "digest", *options, str(model.directory)),
            f"model-signing digest {' '.join(options)} {model.name}",
        )
        return Contender(name, command, model, lambda output: output.stdout.read_text().strip())

    def _ours(self, model, verb, signature=None) -> Contender:
        jobs = ("--jobs", str(self._threads))
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
        return Contender(OURS, command, model, _stated_digest, writes)

    def _sums(self, name, program, model) -> Contender:
        """A program that prints a line with a digest for each file, in the order it was given."""
        shown = " ".join((name, *program[1:]))
        directory = model.directory
        if model.count <= 10_000:
            files = tuple(name for name, _ in model.files())
            command = Command((*program, *files), f"{shown} {model.name}/*", directory)
        else:
            # The system does not take that many arguments at once.
            listed = self._scratch / f"{model.name}.files"
            with open(listed, "w") as file:
                file.writelines(f"{name}\0" for name, _ in model.files())
            argv = (self._tools.xargs, "-0", "-n", "50000", "-s", "1000000", *program)
            command = Command(argv, f"xargs {shown} {model.name}/*", directory, listed)
        return Contender(name, command, model, lambda output: _root_of_lines(output, model))

    def _python_digest(self, algorithm, model) -> Contender:
        program = Path(__file__).with_name("python_digest.py")
        command = Command(
            (self._tools.python, str(program), str(model.directory), PYTHON[algorithm]),
            f"python {program.name} {model.name} {PYTHON[algorithm]}",
        )
        return Contender(
            "Python library",
            command,
            model,
            lambda output: output.stdout.read_text().split()[0],
            inner=lambda output: float(output.stdout.read_text().split()[1]),
        )

    def _peer(self, name, program, verb, model, signature) -> Contender:
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
        return Contender(name, command, model, _nothing_stated, writes)


def _stated_digest(output: Output) -> str:
    """The digest in what our sign and verify print."""
    for line in output.stdout.read_text().splitlines():
        if line.split()[:1] == ["digest"]:
            return line.split()[1]
    raise Failure("model-signing printed no digest")


def _nothing_stated(output: Output) -> None:
    return None


def _root_of_lines(output: Output, model: DataSet) -> str:
    """The root digest from lines of openssl (NAME= DIGEST) or b3sum (DIGEST  NAME)."""
    root = hashlib.sha256()
    count = 0
    with open(output.stdout) as lines:
        for line in lines:
            digest = line.rpartition("= ")[2] if "= " in line else line.split()[0]
            root.update(bytes.fromhex(digest.strip()))
            count += 1
    if count != model.count:
        raise Failure(f"expected digests of {model.count} files, found {count}")
    return f"sha256:{root.hexdigest()}"
