"""What came out: rows of medians and ratios, as a table, as Markdown and as JSON."""

import dataclasses
import json
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional

from datasets import human
from item import Item
from measurement import Sample


@dataclass
class Outcome:
    """The runs of one item, by the name of the contender."""

    item: Item
    samples: Dict[str, List[Sample]]
    cold: Dict[str, Sample]


@dataclass(frozen=True)
class Spread:
    """A median between the least and the greatest of what was measured."""

    median: float
    least: float
    greatest: float

    @staticmethod
    def of(values: List[float]) -> "Spread":
        return Spread(statistics.median(values), min(values), max(values))


@dataclass(frozen=True)
class Row:
    """Our program against one other."""

    item: str
    work: str
    against: str
    measure: str
    ours: Spread
    theirs: Optional[Spread]
    """None if no other program was found."""
    at_most: Optional[float]
    ceiling: Optional[int]
    cold: Optional[float]
    """The ratio of the runs with files from the disk, if there were any."""

    part: bool
    """Whether the other's time is only a part of its process."""

    @property
    def ratio(self) -> Optional[float]:
        return self.theirs and self.ours.median / self.theirs.median

    @property
    def met(self) -> Optional[bool]:
        """Whether the target is met; None if there is none."""
        if self.at_most is not None and self.ratio is None:
            return None
        if self.at_most is None and self.ceiling is None:
            return None
        return (self.at_most is None or self.ratio <= self.at_most) and (
            self.ceiling is None or self.ours.median < self.ceiling
        )


def rows(outcomes: List[Outcome]) -> List[Row]:
    found = []
    for outcome in outcomes:
        ours, *others = outcome.item.contenders
        for other in others:
            found.append(_row(outcome, ours.name, other.name, other.name, outcome.item.measure))
            if other.inner:
                against = f"{other.name}, hashing alone"
                found.append(_row(outcome, ours.name, other.name, against, "inner_seconds"))
        if not others:
            found.append(_row(outcome, ours.name, None, "nobody", outcome.item.measure))
    return [row for row in found if row]


def _row(outcome, ours, other, against, measure) -> Optional[Row]:
    item = outcome.item

    def values(name, of):
        return [getattr(sample, of) for sample in outcome.samples[name]]

    mine = values(ours, item.measure)
    theirs = values(other, measure) if other else []
    if None in mine or None in theirs:  # memory that is too little to tell
        return None
    cold = None
    if outcome.cold and other:
        cold = outcome.cold[ours].seconds / getattr(outcome.cold[other], measure)
    return Row(
        item.name,
        item.title,
        against,
        item.measure,
        Spread.of(mine),
        Spread.of(theirs) if theirs else None,
        item.at_most.get(against),
        item.ceiling,
        cold,
        measure == "inner_seconds",
    )


def quantity(value: float, measure: str) -> str:
    if measure in ("peak", "read"):
        return human(value)
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def _spread(spread: Spread, measure: str) -> str:
    if measure == "peak":
        ends = f"{spread.least / 1e6:.0f}–{spread.greatest / 1e6:.0f}"
    elif measure == "read":
        ends = f"{human(spread.least)}–{human(spread.greatest)}"
    elif spread.median < 1:
        ends = f"{spread.least * 1000:.0f}–{spread.greatest * 1000:.0f}"
    else:
        ends = f"{spread.least:.2f}–{spread.greatest:.2f}"
    return f"{quantity(spread.median, measure)} ({ends})"


def _target(row: Row, whole: bool) -> List[str]:
    wanted = []
    if row.at_most is not None:
        wanted.append(f"{row.at_most:.2f}")
    if row.ceiling:
        wanted.append(human(row.ceiling))
    target = ", ".join(wanted)
    if not whole or row.met is None:
        return [target, ""]
    return [target, "met" if row.met else "missed"]


def table(outcomes: List[Outcome], whole: bool) -> List[List[str]]:
    """The cells, headings first. Targets are judged only for the whole data sets."""
    found = rows(outcomes)
    cold = any(row.cold for row in found)
    head = ["work", "model-signing", "against", "takes", "ratio", "at most", ""]
    cells = [head + ["ratio, cold"] if cold else head]
    before = None
    for row in found:
        cells.append(
            [
                row.work if row.work != before else "",
                _spread(row.ours, row.measure) if row.work != before else "",
                row.against,
                _spread(row.theirs, row.measure) if row.theirs else "",
                f"{row.ratio:.2f}" if row.ratio else "",
                *_target(row, whole),
            ]
            + ([f"{row.cold:.2f}" if row.cold else ""] if cold else [])
        )
        before = row.work
    return cells


def text(cells: List[List[str]]) -> str:
    widths = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
    lines = []
    for line in cells:
        padded = (
            cell.rjust(width) if i in (4, 5, 7) else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths))
        )
        lines.append("  ".join(padded).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def markdown(cells: List[List[str]], facts: dict) -> str:
    lines = [
        "# Results",
        "",
        "Made by `bench/run`; [bench/README.md](../README.md) says what the rows mean.",
        "",
        "![Ratios of the medians](results.svg)",
        "",
        *_markdown_table(cells),
        "",
        f"Rounds: {facts['rounds']}; medians, with the least and the greatest; whole processes; "
        f"{facts['threads']} threads; scale {facts['scale']:g}; files in the page cache, "
        "but where it says from the disk.",
        "",
        *_markdown_table([["", ""]] + [[name, value] for name, value in described(facts)]),
        "",
    ]
    return "\n".join(lines)


def _markdown_table(cells: List[List[str]]) -> List[str]:
    lines = ["| " + " | ".join(line) + " |" for line in cells]
    lines.insert(1, "|" + "---|" * len(cells[0]))
    return lines


def described(facts: dict) -> List[List[str]]:
    """The machine, the programs and what was missing, for people."""
    lines = [["date", facts["date"]], ["commit", facts["commit"]]]
    lines += [[name, str(value)] for name, value in facts["machine"].items()]
    lines += [[name, value] for name, value in facts["versions"].items()]
    lines += [["not found", f"{name}: {hint}"] for name, hint in facts["skipped"].items()]
    lines += [["remark", remark] for remark in facts["remarks"]]
    return lines


def write_json(path: Path, outcomes: List[Outcome], facts: dict) -> None:
    content = dict(facts)
    content["items"] = [
        {
            "name": outcome.item.name,
            "work": outcome.item.title,
            "contenders": [
                {
                    "name": contender.name,
                    "command": contender.command.shown,
                    "runs": [dataclasses.asdict(run) for run in outcome.samples[contender.name]],
                    **(
                        {"cold": dataclasses.asdict(outcome.cold[contender.name])}
                        if outcome.cold
                        else {}
                    ),
                }
                for contender in outcome.item.contenders
            ],
        }
        for outcome in outcomes
    ]
    content["rows"] = [
        {**dataclasses.asdict(row), "ratio": row.ratio, "met": row.met} for row in rows(outcomes)
    ]
    with open(path, "w") as file:
        json.dump(content, file, indent=2, ensure_ascii=False)
        file.write("\n")
