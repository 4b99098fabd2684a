"""The way from files to an Inventory: read, parse, merge, substitute, validate, cross-check."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from model.finding import Finding
from model.inventory import Inventory
from model.references import check
from model.requirement import Requirement, resolved
from monitor.config.channels import check_channels
from monitor.config.explaining import explain_errors, explain_findings
from monitor.config.garbage import without_collecting_garbage
from monitor.config.merging import merge
from monitor.config.parsing import parse
from monitor.config.presets import presets
from monitor.config.problem import ConfigError, Problem
from monitor.config.profiles import check_profiles, folder_of
from monitor.config.reading import inventory_files, read_text
from monitor.config.substitution import substitute
from monitor.config.tree import Mapping as Tree
from monitor.config.tree import Node, id_of, locate, names_in, plain_values, tree_of, without


def load(path: Path, environ: Mapping[str, str] = os.environ) -> Inventory:
    """The inventory of a YAML file, or of the ``*.yml`` of a folder.

    Its ``requirements`` hold the presets too, and each one what it extends; the folder of profiles is absolute.

    Raises:
        ConfigError: With all problems that were found.
    """
    return load_checked(path, environ)[0]


def load_checked(
    path: Path, environ: Mapping[str, str] = os.environ, texts: Mapping[Path, str] = MappingProxyType({})
) -> tuple[Inventory, tuple[Problem, ...]]:
    """As ``load``, with warnings: what works as it stands, but hardly as it was meant.

    Args:
        path: A file or a folder.
        environ: Where variables are looked up.
        texts: Read in place of what these files hold: would it be right, if that were written?

    Raises:
        ConfigError: With all problems that were found; warnings are not among them.
    """
    built_in = {name: preset.requirement for name, preset in presets().items()}
    with without_collecting_garbage():
        base = path if path.is_dir() else path.parent
        inventory, warnings = _checked(*_tree(path, environ, texts), built_in, base)
    requirements, profiles = resolved(inventory.requirements, built_in), folder_of(inventory, base.absolute())
    update = {"requirements": requirements, "profiles": None if profiles is None else str(profiles)}
    return inventory.model_copy(update=update), warnings


def load_values(values: Mapping[str, object]) -> Inventory:
    """The inventory that plain values describe, such as those of a command line, checked as a file is.

    Raises:
        ConfigError: With all problems that were found; they have no place.
    """
    tree = Tree({key: tree_of(value) for key, value in values.items()})
    return _checked(tree, [], {}, Path())[0]


def _tree(path: Path, environ: Mapping[str, str], texts: Mapping[Path, str]) -> tuple[Tree, list[Problem]]:
    trees: list[Tree] = []
    problems: list[Problem] = []
    is_whole = True
    for file in inventory_files(path):
        tree, found = _parsed(file, texts.get(file))
        problems.extend(found)
        is_whole = is_whole and tree is not None
        if tree is not None:
            trees.append(tree)
            problems.extend(substitute(tree, environ))
    if not is_whole:
        # What the other files refer to may stand in the one that could not be read.
        raise ConfigError(problems)
    whole, found = merge(trees)
    return whole, [*problems, *found]


def _parsed(file: Path, text: str | None = None) -> tuple[Tree | None, list[Problem]]:
    try:
        return parse(read_text(file) if text is None else text, str(file))
    except ConfigError as error:
        return None, list(error.problems)


def _checked(
    tree: Tree, problems: list[Problem], built_in: Mapping[str, Requirement], base: Path
) -> tuple[Inventory, tuple[Problem, ...]]:
    valid = _validated(tree)
    unknown, of_profiles = check_profiles(valid.inventory, base)
    findings = (*check(valid.inventory, built_in), *check_channels(valid.inventory), *unknown)
    if problems or valid.problems:
        findings = tuple(_beside_what_was_cut(findings, valid, names_in(tree)))
    errors = [finding for finding in findings if not finding.is_warning]
    # A value that could not be looked up has been reported; that its text does not fit either helps nobody.
    places = {(problem.file, problem.line) for problem in problems}
    found = [*valid.problems, *explain_findings(errors, valid.tree)]
    problems = [*problems, *of_profiles, *(each for each in found if (each.file, each.line) not in places)]
    if problems:
        raise ConfigError(problems)
    return valid.inventory, tuple(sorted(explain_findings(findings, valid.tree)))


@dataclass(frozen=True, slots=True)
class _Valid:
    """What is left of a tree when all that is invalid is cut out.

    Attributes:
        inventory: Made of what is left.
        tree: What is left.
        problems: What was wrong with the rest.
        wounds: File and line of every record that something was cut from.
        wounded: The ids of these records.
    """

    inventory: Inventory
    tree: Node
    problems: list[Problem]
    wounds: frozenset[tuple[str, int]]
    wounded: frozenset[str]


def _validated(tree: Tree) -> _Valid:
    """The part of a tree that is valid: in one round all of it, or cut down until it is."""
    sound: Node = tree
    problems: list[Problem] = []
    wounds: set[tuple[str, int]] = set()
    ids: set[str] = set()
    while True:
        try:
            inventory = Inventory.model_validate(plain_values(sound))
            return _Valid(inventory, sound, problems, frozenset(wounds), frozenset(ids))
        except ValidationError as error:
            found = explain_errors(error, sound)
        # What is missing in a later round has been cut out in an earlier one.
        problems = problems or [problem for _, problem in found]
        wounded = [locate(sound, path[:-1])[0] for path, _ in found]
        wounds.update((node.file, node.line) for node in wounded)
        ids.update(own for node in wounded if (own := id_of(node)) is not None)
        sound = without(sound, [path for path, _ in found])


def _beside_what_was_cut(findings: Iterable[Finding], valid: _Valid, lost: Collection[str]) -> Iterator[Finding]:
    """The findings that the file itself is to blame for, not the cuts."""
    for finding in findings:
        if not (finding.is_warning or _follows_from_a_cut(finding, valid, lost)):
            yield finding


def _follows_from_a_cut(finding: Finding, valid: _Valid, lost: Collection[str]) -> bool:
    if finding.sought is not None:
        return finding.sought in lost
    # What contradicts another key of its record may do so only because that key has fallen back to its default.
    node, path = locate(valid.tree, finding.path)
    record = node if isinstance(node, Tree) else locate(valid.tree, path[:-1])[0]
    is_wounded = finding.other is None and isinstance(record, Tree) and (record.file, record.line) in valid.wounds
    return is_wounded or finding.about in valid.wounded
