"""Items about claims and policies, against what verifying the model takes alone."""

import dataclasses
import json
from typing import List

from item import Contender, Item
from measurement import Command, Failure
from tools import LAUNCHER
from work import OURS, Work, stated_digest

TYPE = "https://bench.example/claim"
CLAIMS = 10


def items(work: Work) -> List[Item]:
    model = work.sets["mixed"]
    return [_attest(work, "attest", model), _policy(work, "policy-claims", model)]


def _attesting(work, model, number, claims) -> Contender:
    """One more claim about the model, which is verified before."""
    predicate = work.scratch / "predicate.json"
    predicate.write_text(json.dumps({"result": "good"}))
    command = Command(
        (
            *(str(LAUNCHER), "attest", "key", str(model.directory)),
            *("--signature", str(work.signature(model)), "--private-key", str(work.private_key)),
            *("--claims", str(claims), "--predicate-type", f"{TYPE}/{number}"),
            *("--predicate", str(predicate), "--jobs", str(work.threads)),
        ),
        f"model-signing attest key {model.name} --jobs {work.threads}",
    )
    return Contender(OURS, command, model, stated_digest)


def _verifying(work, model) -> Contender:
    return dataclasses.replace(work.verify(model), name="verify")


def _attest(work, name, model) -> Item:
    claims = work.scratch / "claims-one.jsonl"
    ours = dataclasses.replace(_attesting(work, model, 1, claims), claims=claims)
    contenders = [ours, _verifying(work, model)]
    title = f"attest key, sha256, {model.title}"
    return Item(name, title, "sha256", contenders, signed=True)


def _policy(work, name, model) -> Item:
    """One verdict about ten claims, against the model alone, and against a verdict for each."""
    claims = work.scratch / "claims-all.jsonl"
    policy = work.scratch / "policy.json"
    types = [f"{TYPE}/{number}" for number in range(CLAIMS)]
    rule = {
        "match": "**",
        "signatures": {"of": "us"},
        "attestations": [{"type": each, "by": "us"} for each in types],
    }
    signers = {"us": {"key": {"public-key": work.public_key.name}}}
    policy.write_text(json.dumps({"version": 1, "signers": signers, "models": [rule]}))
    jobs = ("--jobs", str(work.threads))
    given = ("--signature", str(work.signature(model)), "--claims", str(claims), *jobs)
    ours = Command(
        (
            *(str(LAUNCHER), "verify", "policy", str(model.directory), "--policy", str(policy)),
            *("--root", str(model.directory.parent), *given),
        ),
        f"model-signing verify policy {model.name} {' '.join(jobs)}",
    )
    script = (
        'count=$1; shift; for number in $(seq 0 "$((count - 1))"); do'
        f' "$@" --predicate-type "{TYPE}/$number" || exit; done'
    )
    each = Command(
        (
            *("/bin/sh", "-c", script, "sh", str(CLAIMS), str(LAUNCHER), "verify-attestation"),
            *("key", str(model.directory), "--public-key", str(work.public_key), *given),
        ),
        f"{CLAIMS} times model-signing verify-attestation key {model.name} {' '.join(jobs)}",
    )
    contenders = [
        Contender(OURS, ours, model, _accepted),
        _verifying(work, model),
        Contender(f"{CLAIMS} verify-attestation", each, model, stated_digest),
    ]
    return Item(
        *(name, f"verify policy, {CLAIMS} claims, sha256, {model.title}", "sha256", contenders),
        signed=True,
        before=[_attesting(work, model, number, claims) for number in range(CLAIMS)],
    )


def _accepted(output) -> None:
    """A rule that only warns would end with the status 0, too. The verdict states no root digest."""
    if not output.stdout.read_text().startswith("Verification succeeded\n"):
        raise Failure("model-signing did not print that the policy accepts the model")
