"""The rounds: every program in turn, and all results held against each other."""

import dataclasses
import os
import shutil

import measurement
import report
from measurement import Failure


class Benchmark:
    """Runs the work and holds every result against all others for the same files."""

    def __init__(self, work, rounds, cold, scratch, say, registry, store):
        self._work = work
        self._registry = registry
        self._store = store
        self._rounds = rounds
        self._cold = cold
        self._scratch = scratch
        self._say = say
        self._digests = {}

    def measure(self, item):
        self._say(f"{item.name}: {item.title}")
        self._prepare(item)
        samples = {contender.name: [] for contender in item.contenders}
        for number in range(self._rounds + 1):
            # Each begins a round as often as the others, as far as the rounds go.
            first = number % len(item.contenders)
            taken = {}
            for contender in item.contenders[first:] + item.contenders[:first]:
                if item.emptied:
                    self._empty(contender)
                taken[contender.name] = self._run(contender, item.algorithm)
            self._show("warm-up" if number == 0 else f"round {number}", item, taken)
            if number > 0:
                for name, sample in taken.items():
                    samples[name].append(sample)
        cold = {}
        if self._cold and item.cold:
            for contender in item.contenders:
                measurement.drop_caches()
                cold[contender.name] = self._run(contender, item.algorithm)
            self._show("cold", item, cold)
        self._verify_signatures(item)
        if item.leaves:
            shutil.rmtree(item.leaves)
        return report.Outcome(item, samples, cold)

    def _prepare(self, item):
        """Brings the files into the page cache, and has a digest and a signature for them."""
        for model in {contender.model for contender in item.contenders}:
            if item.rewritten and self._work.tools.dd:
                model.rewrite(self._work.tools.dd)
            if item.algorithm != "blake3" and (model.name, item.algorithm) not in self._digests:
                digest = model.root_digest(item.algorithm)
                self._digests[model.name, item.algorithm] = ("Python's hashlib", digest)
            else:
                for file in model.read():
                    for _ in file:
                        pass
            if item.registry:
                self._registry.push(model, self._say)
            if item.store:
                self._store.put(model)
            if item.signed and not self._work.signature(model).exists():
                self._run(self._work.sign(model), item.algorithm)
        for contender in item.before:
            self._run(contender, item.algorithm)

    def _empty(self, contender):
        """Leaves nothing in the page cache but what the program itself needs."""
        measurement.drop_caches()
        measurement.run(contender.awakes, self._scratch)

    def _run(self, contender, algorithm):
        for written in (contender.writes, contender.claims):
            if written:
                written.unlink(missing_ok=True)
        if contender.copies:
            shutil.rmtree(contender.copies, ignore_errors=True)
            os.sync()  # or what the run before has written goes to the disk beside this one
        before = self._registry.relay.read if contender.counted else 0
        sample, output = measurement.run(contender.command, self._scratch)
        if contender.counted:
            sample = dataclasses.replace(sample, read=self._registry.relay.read - before)
        if contender.copies:
            self._require_copy(contender)
            shutil.rmtree(contender.copies)
        digest = contender.result(output)
        if digest:
            self._agree(contender, algorithm, digest)
        if contender.inner:
            sample = dataclasses.replace(sample, inner_seconds=contender.inner(output))
        return sample

    def _require_copy(self, contender):
        """That it has the files of the model with their sizes; what is in them was hashed."""
        found = sum(len(names) for _, _, names in os.walk(contender.copies))
        sizes = all(
            os.stat(contender.copies / name).st_size == size
            for name, size in contender.model.files()
        )
        if found != contender.model.count or not sizes:
            raise Failure(f"{contender.command.shown}: the copy is not as {contender.model.name} is")

    def _agree(self, contender, algorithm, digest):
        key = (contender.model.name, algorithm)
        other, expected = self._digests.setdefault(key, (contender.command.shown, digest))
        if digest != expected:
            raise Failure(
                f"the digests of {contender.model.name} by {algorithm} differ: {other} says "
                f"{expected}, {contender.command.shown} says {digest}"
            )

    def _verify_signatures(self, item):
        """What others signed must hold for us, and state the same digest."""
        for contender in item.contenders:
            if contender.writes:
                self._run(self._work.verify(contender.model, contender.writes), item.algorithm)

    def _show(self, what, item, taken):
        parts = []
        for contender in item.contenders:
            value = getattr(taken[contender.name], item.measure)
            shown = "too little to tell" if value is None else report.quantity(value, item.measure)
            parts.append(f"{contender.name} {shown}")
        self._say(f"  {what}: {', '.join(parts)}")
