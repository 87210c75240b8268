"""Items that sign and verify models in directories by a key, as a whole and in part."""

import dataclasses
from typing import List

from datasets import human
from item import Contender, Item
from measurement import Command
from work import OURS, Work, nothing_stated, stated_digest


def items(work: Work) -> List[Item]:
    sets = work.sets
    parts = {"xargs -P openssl": 1.15, "Python": 0.85, "Go": 0.60}
    return [
        verify(work, "verify-shards", sets["shards"], {"Python": 0.90}),
        _verify_parts(work, "verify-parts", sets["parts"], parts),
        verify(work, "verify-mixed", sets["mixed"], {}),
        verify(work, "verify-small", sets["small"], {"Go": 0.40}),
        _sign(work, "sign-small", sets["small"]),
        _verify_some(work, "verify-only", sets["shards"]),
        _verify_and_copy(work, "verify-copy-shards", sets["shards"], {"verify, then cp": 1.25}),
        _verify_and_copy(work, "verify-copy-small", sets["small"], {}),
        verify(work, "verify-swarm", sets["swarm"], {"Go": 0.30}),
        _sign(work, "sign-swarm", sets["swarm"], {"Go": 0.30}),
        _sign_again(work, "sign-update", sets["many"], {"all of it": 0.10}),
        _differ_from_signature(work, "diff-signature", sets["small"]),
        _differ(work, "diff-models", sets["mixed"]),
    ]


def memory(work: Work) -> List[Item]:
    sets = work.sets
    return [
        _copy_memory(work, "verify-copy-memory", sets["one"]),
        _peak(work, "verify-small-memory", verify, sets["small"], 110_000_000),
        _peak(work, "verify-swarm-memory", verify, sets["swarm"], 200_000_000),
        _peak(work, "sign-swarm-memory", _sign, sets["swarm"], 150_000_000),
    ]


def verify(work, name, model, at_most) -> Item:
    signature = work.signature(model)
    contenders = [work.verify(model)]
    for peer, program in work.peers:
        contenders.append(work.peer(peer, program, "verify", model, signature))
    title = f"verify key, sha256, {model.title}"
    return Item(name, title, "sha256", contenders, at_most, signed=True)


def _verify_parts(work, name, model, at_most) -> Item:
    """Also against the hash function alone, by a process for each processor."""
    item = verify(work, name, model, at_most)
    if not (work.tools.openssl and work.tools.xargs):
        return item
    program = (work.tools.openssl, "dgst", "-sha256")
    limit = work.sums("xargs -P openssl", program, model, work.threads)
    return dataclasses.replace(item, contenders=[*item.contenders, limit])


def _sign(work, name, model, at_most=None) -> Item:
    contenders = [work.sign(model)]
    for peer, program in work.peers:
        signature = work.signature(model, peer)
        contenders.append(work.peer(peer, program, "sign", model, signature))
    title = f"sign key, sha256, {model.title}"
    return Item(name, title, "sha256", contenders, at_most or {})


def _verify_some(work, name, model) -> Item:
    """Verifying an eighth of the files, against verifying all of them."""
    plain = work.verify(model)
    names = [name for name, _ in model.files()][: model.count // 8]
    only = [word for name in names for word in ("--only", name)]
    command = Command(
        (*plain.command.argv, *only),
        f"{plain.command.shown} --only {names[0]} ... --only {names[-1]}",
    )
    contenders = [
        dataclasses.replace(plain, command=command),
        dataclasses.replace(plain, name="all of it"),
    ]
    title = f"verify key --only {len(names)} files, sha256, {model.title}"
    return Item(name, title, "sha256", contenders, signed=True)


def _sign_again(work, name, model, at_most) -> Item:
    """Signing after one file has changed, against reading all of them."""
    plain = work.sign(model)
    changed, _ = next(model.files())
    signature = work.scratch / f"{model.name}-update.sig"
    # What is in the file stays the same, as every run must find the same digest. The first
    # run, which reads everything, is the warm-up.
    script = 'XDG_STATE_HOME=$1 && export XDG_STATE_HOME && touch "$2" && shift 2 && exec "$@"'
    argv = tuple(
        str(signature) if word == str(plain.writes) else word for word in plain.command.argv
    )
    command = Command(
        (
            *("/bin/sh", "-c", script, "sh", str(work.scratch / "state")),
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


def _verify_and_copy(work, name, model, at_most) -> Item:
    """A verified copy against verifying and writing the same bytes by somebody else."""
    contenders = [_copying(work, model, OURS), _verify_then_cp(work, model)]
    title = f"verify key --copy-to, sha256, {model.title}"
    return Item(name, title, "sha256", contenders, at_most, signed=True)


def _copying(work, model, name) -> Contender:
    plain = work.verify(model)
    copy = work.scratch / "copy"
    command = Command(
        (*plain.command.argv, "--copy-to", str(copy)), f"{plain.command.shown} --copy-to copy"
    )
    return dataclasses.replace(plain, name=name, command=command, copies=copy)


def _verify_then_cp(work, model) -> Contender:
    plain = work.verify(model)
    copy = work.scratch / "copy"
    # Blocks that two files share are no copy.
    script = 'from=$1; to=$2; shift 2; "$@" && cp --reflink=never -R "$from" "$to"'
    command = Command(
        ("/bin/sh", "-c", script, "sh", str(model.directory), str(copy), *plain.command.argv),
        f"{plain.command.shown} && cp -R {model.name} copy",
    )
    return dataclasses.replace(plain, name="verify, then cp", command=command, copies=copy)


def _copy_memory(work, name, model) -> Item:
    base = work.sets["hundred"]
    itself = f"itself, {human(base.size)}"
    contenders = [_copying(work, model, OURS), _copying(work, base, itself)]
    title = f"memory, verify key --copy-to, sha256, {model.title}"
    return Item(
        *(name, title, "sha256", contenders, {itself: 1.3}, "peak"),
        ceiling=200_000_000,
        signed=True,
    )


def _peak(work, name, make, model, ceiling) -> Item:
    """The peak of memory of a whole command, which is to stay below a number of bytes."""
    item = make(work, name, model, {})
    title = f"memory, {item.title}"
    return dataclasses.replace(item, title=title, measure="peak", ceiling=ceiling)


def _differ_from_signature(work, name, model) -> Item:
    """What became of a model since it was signed, against only whether it is as it was."""
    plain = work.verify(model)
    signature = work.signature(model)
    command = Command(
        (plain.command.argv[0], "diff", str(signature), str(model.directory)),
        f"model-signing diff {model.name}.sig {model.name}",
    )
    contenders = [
        Contender(OURS, command, model, stated_digest),
        dataclasses.replace(plain, name="verify"),
    ]
    title = f"diff of a signature and its model, sha256, {model.title}"
    return Item(name, title, "sha256", contenders, signed=True)


def _differ(work, name, model) -> Item:
    """Two models that are the same, so that everything in both has to be read."""
    copy = work.scratch / "other"
    both = (str(model.directory), str(copy))
    launcher = work.verify(model).command.argv[0]
    ours = Command((launcher, "diff", *both), f"model-signing diff {model.name} copy")
    contenders = [Contender(OURS, ours, model, stated_digest)]
    if work.tools.diff:
        theirs = Command((work.tools.diff, "-rq", *both), f"diff -rq {model.name} copy")
        contenders.append(Contender("diff -rq", theirs, model, nothing_stated))
    cp = Command(("/bin/cp", "--reflink=never", "-R", *both), f"cp -R {model.name} copy")
    return Item(
        *(name, f"diff of two models, sha256, {model.title}", "sha256", contenders),
        before=[Contender("cp", cp, model, nothing_stated)],
        leaves=copy,
    )
