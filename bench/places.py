"""Items about models that are elsewhere: in a registry, and in an object store."""

import dataclasses
from typing import List

from item import Contender, Item
from measurement import Command
from store import BUCKET
from tools import LAUNCHER
from work import OURS, Work, helper, nothing_stated, stated_digest


def items(work: Work) -> List[Item]:
    sets = work.sets
    return [
        _in_store(work, "sign-s3-shards", "sign", sets["shards"], {"download, then sign": 1.0}),
        _in_store(work, "sign-s3-mixed", "sign", sets["mixed"], {}),
        _in_store(work, "sign-s3-small", "sign", sets["small"], {}),
        _in_store(work, "verify-s3-shards", "verify", sets["shards"], {}),
        _in_store(work, "verify-s3-small", "verify", sets["small"], {}),
        _store_memory(work, "sign-s3-memory", sets["swarm"], 450_000_000),
        *(_registry_items(work) if work.registry else []),
    ]


def _registry_items(work):
    shards = work.sets["shards"]
    return [
        # In this order, as the first one has one signature to find.
        _pull(work, "pull-shards", shards, {"oras pull": 1.25}),
        _sign_in_registry(work, "sign-registry-read", shards),
    ]


def _plain(work, verb, model) -> Contender:
    return work.sign(model) if verb == "sign" else work.verify(model)


def _working_in_store(work, verb, model) -> Contender:
    plain = _plain(work, verb, model)
    argv = [
        f"s3://{BUCKET}/{model.name}" if word == str(model.directory) else word
        for word in plain.command.argv
    ]
    jobs = argv.index("--jobs")  # for hashing; a store has its own default
    del argv[jobs : jobs + 2]
    shown = plain.command.shown.replace(model.name, f"s3://{BUCKET}/{model.name}", 1)
    command = Command(
        ("/usr/bin/env", *work.store.environment(), *argv), shown.partition(" --jobs")[0]
    )
    return dataclasses.replace(plain, command=command)


def _in_store(work, name, verb, model, at_most) -> Item:
    """A model where it is, against downloading it first: time, and a copy on the disk."""
    copy = work.scratch / "copy"
    plain = _plain(work, verb, model)
    argv = tuple(
        str(copy) if word == str(model.directory) else word for word in plain.command.argv
    )
    download = helper("store.py", "download", work.store.address, model.name, str(copy))
    script = '"$1" "$2" "$3" "$4" "$5" "$6" && shift 6 && exec "$@"'
    command = Command(
        ("/bin/sh", "-c", script, "sh", *download, *argv),
        f"download {model.name} && {plain.command.shown.replace(model.name, 'copy', 1)}",
    )
    then = f"download, then {verb}"
    contenders = [
        _working_in_store(work, verb, model),
        dataclasses.replace(plain, name=then, command=command, copies=copy),
    ]
    title = f"{verb} key s3://..., sha256, {model.title}"
    signed = verb == "verify"
    return Item(name, title, "sha256", contenders, at_most, store=True, signed=signed)


def _store_memory(work, name, model, ceiling) -> Item:
    title = f"memory, sign key s3://..., sha256, {model.title}"
    contenders = [_working_in_store(work, "sign", model)]
    return Item(name, title, "sha256", contenders, measure="peak", ceiling=ceiling, store=True)


def _signing_in_registry(work, model) -> Contender:
    """Signs a model where it is, and attaches the signature."""
    reference = f"oci://{work.registry.reference(model, counted=True)}"
    command = Command(
        (str(LAUNCHER), "sign", "key", reference, "--private-key", str(work.private_key)),
        f"model-signing sign key oci://HOST/bench/{model.name}:1",
    )
    return Contender(OURS, command, model, stated_digest, counted=True)


def _sign_in_registry(work, name, model) -> Item:
    title = f"bytes read, sign key oci://..., sha256, {model.title}"
    contenders = [_signing_in_registry(work, model)]
    return Item(
        name, title, "sha256", contenders, measure="read", ceiling=1_000_000, registry=True
    )


def _pull(work, name, model, at_most) -> Item:
    """A verified copy from a registry against a copy that nobody has verified, and that with
    a verification after it."""
    copy = work.scratch / "copy"
    reference = work.registry.reference(model)
    oras = (work.tools.oras, "pull", "--plain-http", reference, "-o", str(copy))
    options = ("--public-key", str(work.public_key), "--jobs", str(work.threads))
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
            *("/bin/sh", "-c", script, "sh", work.tools.oras, reference, str(copy)),
            *(str(LAUNCHER), "verify", "key", str(copy)),
            *("--signature", str(work.signature(model)), *options),
        ),
        f"{shown} && model-signing verify key copy",
    )
    contenders = [
        Contender(OURS, ours, model, stated_digest, copies=copy),
        Contender("oras pull", Command(oras, shown), model, nothing_stated, copies=copy),
        Contender("oras pull, then verify", then, model, stated_digest, copies=copy),
    ]
    return Item(
        name,
        f"verify key oci://... --pull, sha256, {model.title}",
        "sha256",
        contenders,
        at_most,
        registry=True,
        signed=True,
        before=[_signing_in_registry(work, model)],
    )
