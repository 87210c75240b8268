"""Items that hash: digests, with files in the page cache and from the disk, and their memory."""

import dataclasses
from typing import List

from datasets import human
from item import Contender, Item
from measurement import Command
from work import OURS, Work, nothing_stated

OPENSSL = {"sha256": "-sha256", "blake2b": "-blake2b512"}

# We read at least this much of what dd reads in the same time.
OF_DD = 0.95


def items(work: Work, from_disk: bool) -> List[Item]:
    sets = work.sets
    small = {"Python library": 0.25}
    # On newer JDKs the vectors of BLAKE3 are compiled better.
    blake3 = {"b3sum --no-mmap": 2.0 if work.tools.java < 25 else 1.6, "b3sum": 2.5}
    found = [
        _digest(work, "sha256-one", "sha256", sets["one"], {"openssl": 0.92}, cold=True),
        _digest(work, "sha256-shards", "sha256", sets["shards"], {"openssl": 0.56}, cold=True),
        _digest(work, "sha256-mixed", "sha256", sets["mixed"], {}, cold=True),
        _digest(work, "sha256-small", "sha256", sets["small"], small, cold=True),
        _digest(work, "blake3-one", "blake3", sets["one"], blake3, cold=True),
    ]
    if work.threads > 1:
        found.append(_digest(work, "blake3-one-thread", "blake3", sets["one"], {}, threads=1))
    found += [
        _digest(work, "blake3-shards", "blake3", sets["shards"], {}),
        _digest(work, "blake3-small", "blake3", sets["small"], {}),
        _digest(work, "blake2b-one", "blake2b", sets["one"], {}),
    ]
    if from_disk and work.tools.dd:
        for name in ("one", "shards"):
            found += [_from_disk(work, f"disk-{name}-{jobs}", sets[name], jobs) for jobs in (1, 2, 4)]
    return found


def memory(work: Work) -> List[Item]:
    sets = work.sets
    return [
        _memory(work, "memory-one", sets["one"], 100_000_000),
        _memory(work, "memory-shards", sets["shards"], 100_000_000),
        _memory(work, "memory-small", sets["small"], 150_000_000),
    ]


def _digest(work, name, algorithm, model, at_most, threads=None, cold=False) -> Item:
    threads = threads or work.threads
    tools = work.tools
    contenders = [work.digest(OURS, algorithm, model, threads)]
    # Smaller files are mapped by nobody.
    mapped = algorithm == "blake3" and model.size / model.count > 16_384
    if algorithm == "blake3":
        if tools.b3sum:
            program = (tools.b3sum, "--num-threads", str(threads))
            contenders.append(work.sums("b3sum", program, model))
            if mapped:
                program = (tools.b3sum, "--no-mmap")
                contenders.append(work.sums("b3sum --no-mmap", program, model))
    elif tools.openssl and (algorithm != "blake2b" or tools.openssl_blake2b):
        program = (tools.openssl, "dgst", OPENSSL[algorithm])
        contenders.append(work.sums("openssl", program, model))
    # The library takes all processors, so it is left out where others take one.
    if tools.python and threads == work.threads:
        contenders.append(work.python_digest(algorithm, model))
    title = f"digest, {algorithm}, {model.title}"
    if threads != work.threads:
        title += f", {threads} thread"
    return Item(name, title, algorithm, contenders, at_most, cold=cold, rewritten=mapped)


def _from_disk(work, name, model, jobs) -> Item:
    """Hashing what is on the disk, against reading it file by file."""
    ours = work.digest(OURS, "sha256", model, jobs)
    tiny = work.digest(OURS, "sha256", work.sets["tiny"], jobs)
    dd = (work.tools.dd, "of=/dev/null", "bs=1048576")
    script = 'dd=$1; shift; for file; do "$dd" if="$file" of=/dev/null bs=1048576 2>&1 || exit; done'
    files = tuple(name for name, _ in model.files())
    read = Command(
        ("/bin/sh", "-c", script, "sh", work.tools.dd, *files),
        f"dd if={model.name}/... of=/dev/null bs=1048576",
        model.directory,
    )
    contenders = [
        dataclasses.replace(ours, awakes=tiny.command),
        Contender("dd", read, model, nothing_stated, awakes=Command(dd, "dd")),
    ]
    title = f"digest from the disk, sha256, {model.title}, --jobs {jobs}"
    return Item(name, title, "sha256", contenders, {"dd": 1 / OF_DD}, emptied=True)


def _memory(work, name, model, ceiling) -> Item:
    base = work.sets["hundred"]
    itself = f"itself, {human(base.size)}"
    contenders = [
        work.digest(OURS, "sha256", model, work.threads),
        work.digest(itself, "sha256", base, work.threads),
    ]
    title = f"memory, digest, sha256, {model.title}"
    return Item(name, title, "sha256", contenders, {itself: 1.3}, "peak", ceiling=ceiling)
