"""From YAML files to profiles of devices: every mistake with its file, line and mend."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from exporters.metrics import by_name
from model.finding import Finding
from model.finding import Path as KeyPath
from model.inventory import Inventory
from model.profile import Profile
from monitor.config.explaining import explain_errors
from monitor.config.mending import nearest
from monitor.config.parsing import parse
from monitor.config.problem import WITHOUT_A_LINE, ConfigError, Problem
from monitor.config.reading import inventory_files, read_text
from monitor.config.substitution import substitute
from monitor.config.tree import Node, locate, plain_values, problem_at

log = logging.getLogger(__name__)

LARGEST: Final = 2**20
"""Bytes of one file."""
AUTO: Final = "auto"
"""In place of a name: the one that fits."""
_BUILT_IN: Final = files("monitor.profiles")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]*")


def load_profiles(folder: Path | None = None) -> Mapping[str, Profile]:
    """All profiles by name: a file of the folder replaces a built-in one of the same name.

    Raises:
        ConfigError: With all problems that were found.
    """
    if folder is None:
        return _built_in()
    own = {file.name: (str(file), read_text(file, LARGEST)) for file in inventory_files(folder)}
    return _checked({**_texts(), **own})


def check_profiles(inventory: Inventory, base: Path) -> tuple[list[Finding], list[Problem]]:
    """What is wrong with the profiles that an inventory names, and inside of the folder that it names.

    Args:
        inventory: As read.
        base: The folder from which its paths start.
    """
    findings: list[Finding] = []
    problems: list[Problem] = []
    names = set(_texts())
    folder = folder_of(inventory, base)
    if folder is not None and not folder.is_dir():
        findings.append(Finding(("profiles",), f"there is no folder {folder}", "name one that holds *.yml of profiles"))
    elif folder is not None:
        try:
            names |= {file.name for file in inventory_files(folder)}
            load_profiles(folder)
        except ConfigError as error:
            problems += error.problems
    known = [AUTO, *sorted(name.removesuffix(".yml") for name in names)]
    return [*findings, *_unknown(inventory, known)], problems


def folder_of(inventory: Inventory, base: Path) -> Path | None:
    """The folder of the user's own profiles; ``None`` where the inventory names none."""
    return base / inventory.profiles if inventory.profiles else None


def profiles_of(inventory: Inventory) -> Mapping[str, Profile]:
    """The profiles for an inventory that has been loaded; the built-in ones where its own are wrong by now."""
    try:
        return load_profiles(folder_of(inventory, Path()))
    except ConfigError as error:
        for problem in error.problems:
            log.error("the folder of profiles is not used: %s", problem)  # noqa: TRY400  # a user's mistake
        return load_profiles()


def _unknown(inventory: Inventory, known: Sequence[str]) -> Iterator[Finding]:
    for number, site in enumerate(inventory.sites):
        for place, device in enumerate(site.devices):
            if device.snmp is not None and device.snmp.profile not in known:
                name = device.snmp.profile
                path = ("sites", number, "devices", place, "snmp", "profile")
                mend = f"write one of {', '.join(f'`{each}`' for each in known)}"
                yield Finding(path, f"there is no profile `{name}`", mend, sought=name, candidates=known)


@lru_cache(maxsize=1)
def _texts() -> Mapping[str, tuple[str, str]]:
    """The built-in files by name, each with what it is called in a message."""
    found = [file for file in _BUILT_IN.iterdir() if file.name.endswith(".yml")]
    return {file.name: (file.name, file.read_text("utf-8")) for file in sorted(found, key=lambda file: file.name)}


@lru_cache(maxsize=1)
def _built_in() -> Mapping[str, Profile]:
    return _checked(_texts())


def _checked(texts: Mapping[str, tuple[str, str]]) -> Mapping[str, Profile]:
    loaded = [_loaded(name, *text) for name, text in texts.items()]
    problems = [problem for _, _, _, found in loaded for problem in found]
    known = {name for name, _, _, _ in loaded}
    for _, profile, tree, _ in loaded:
        if profile is not None and tree is not None:
            problems += _unknown_names(profile, tree, known)
    if problems:
        raise ConfigError(problems)
    return {name: profile for name, profile, _, _ in loaded if profile is not None}


def _loaded(name: str, file: str, text: str) -> tuple[str, Profile | None, Node | None, list[Problem]]:
    stem = name.removesuffix(".yml")
    if not _NAME.fullmatch(stem) or stem == AUTO:
        mend = "call it by small letters, digits and hyphens, such as `my-router.yml`, and not `auto.yml`"
        return stem, None, None, [Problem(file, WITHOUT_A_LINE, "this is no name of a profile", mend)]
    tree, problems = parse(text, file, "title:")
    if tree is None or problems:
        return stem, None, None, problems
    if problems := substitute(tree, {}):
        return stem, None, tree, problems
    try:
        return stem, Profile.model_validate(plain_values(tree)), tree, []
    except ValidationError as error:
        return stem, None, tree, [problem for _, problem in explain_errors(error, tree, Profile)]


def _unknown_names(profile: Profile, tree: Node, known: set[str]) -> Iterator[Problem]:
    for number, name in enumerate(profile.includes):
        if name not in known:
            mend = nearest(name, known) or f"name one of {', '.join(sorted(known))}"
            yield _at(tree, ("includes", number), f"there is no profile `{name}`", mend)
    metrics = by_name()
    for number, exposed in enumerate(profile.exposed):
        for key, names in (("scalars", exposed.scalars), ("columns", exposed.columns), ("fixed", exposed.fixed)):
            for name in names:
                if name not in metrics:
                    mend = "only what `docs/metrics.md` lists can be exposed: take it out, or make it one of `readings`"
                    yield _at(tree, ("exposed", number, key, name), f"there is no metric `{name}`", mend)


def _at(tree: Node, path: KeyPath, what: str, mend: str) -> Problem:
    return problem_at(locate(tree, path)[0], what, mend)
