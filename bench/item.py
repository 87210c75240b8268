"""What is measured: an item of work, and the programs that do it in turn."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Callable, Dict, List, Optional

from datasets import DataSet
from measurement import Command, Output


@dataclass(frozen=True)
class Contender:
    """One program in an item of work."""

    name: str
    command: Command
    model: DataSet
    result: Callable[[Output], Optional[str]]
    """The root digest that a run found; None if the program only says that it agrees."""
    writes: Optional[Path] = None
    """The signature that a run writes; it is removed before."""
    claims: Optional[Path] = None
    """The file of claims that a run writes; it is removed before."""
    copies: Optional[Path] = None
    """The directory that a run makes, with the files of the model; it is removed before and after."""
    inner: Optional[Callable[[Output], float]] = None
    """How long the work took without the start, in seconds, if the program tells."""
    counted: bool = False
    """Whether it asks the registry by way of the relay."""
    awakes: Optional[Command] = None
    """What brings the program itself back into the page cache after it was emptied."""


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
    emptied: bool = False
    """Whether each run begins with a page cache that has nothing but the program."""
    rewritten: bool = False
    """Whether the files have to be in the page cache as writing them in large blocks leaves them."""
    signed: bool = False
    """Whether the models have to have a signature by our key."""
    registry: bool = False
    """Whether the models have to be in the registry."""
    store: bool = False
    """Whether the models have to be in the object store."""
    before: List[Contender] = field(default_factory=list)
    """What is run once before, and not measured."""
    leaves: Optional[Path] = None
    """The directory that this has made, to be removed after the item."""


def beside_before(item: Item, ours: Path, before: Path) -> Item:
    """The item with the same command of another checkout, where it leaves at most a signature."""
    first = item.contenders[0]
    command = first.command
    if str(ours) not in command.argv or first.claims or first.copies or first.counted:
        return item
    swapped = {str(ours): str(before)}
    writes = first.writes and first.writes.with_name(f"before-{first.writes.name}")
    if writes:
        swapped[str(first.writes)] = str(writes)
    argv = tuple(swapped.get(word, word) for word in command.argv)
    older = replace(command, argv=argv, shown=f"before: {command.shown}")
    contender = replace(first, name="before", command=older, writes=writes)
    return replace(item, contenders=[first, contender, *item.contenders[1:]])
