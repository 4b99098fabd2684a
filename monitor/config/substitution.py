"""``${NAME}``, ``${NAME:-default}`` and ``${file:PATH}`` in the text of a tree."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from monitor.config.problem import ConfigError, Problem
from monitor.config.reading import LARGEST_SECRET, read_text
from monitor.config.tree import Node, Scalar, problem_at, scalars

_REFERENCE: Final = re.compile(
    r"(?P<escape>\$\$\{)|\$\{(?:file:(?P<path>[^}]+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P<default>:-[^}]*)?)\}|(?P<stray>\$\{)",
    re.ASCII,
)
_DEFAULT: Final = re.compile(r":-[^}]*\}")
# YAML 1.2 core schema (§10.3.2): `yes`, `no`, `on` and `off` are words like any other.
PLAIN_WORDS: Final[Mapping[str, bool | None]] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~"), None),
}


def substitute(tree: Node, environ: Mapping[str, str]) -> list[Problem]:
    """Give every scalar of a tree its value.

    A path is relative to the folder of the file that names it; one line end at the end of that file is cut off.

    Returns:
        What could not be looked up; such a scalar keeps the text as it was written.
    """
    problems: list[Problem] = []
    for scalar in scalars(tree):
        try:
            scalar.value = _value(scalar, environ)
        except ConfigError as error:
            scalar.value, scalar.is_substituted = scalar.written, True
            problems.extend(error.problems)
    return problems


def shown(scalar: Scalar) -> str:
    """The text of a scalar as it may be shown: never what a variable or file held, nor a default instead of it."""
    return masked(scalar.written) if scalar.is_substituted else scalar.written


def masked(text: str) -> str:
    """The text without what stands as defaults of its variables."""
    return _DEFAULT.sub(":-…}", text)


def _value(scalar: Scalar, environ: Mapping[str, str]) -> str | bool | None:
    text = scalar.written
    if "${" in text:
        scalar.is_substituted = True
        return _REFERENCE.sub(lambda match: _replacement(scalar, match, environ), text)
    if not scalar.is_plain:
        return text
    if not text:
        mend = "write one, or leave the key out"
        raise ConfigError([problem_at(scalar, "there is no value here", mend)])
    return PLAIN_WORDS.get(text, text)


def _replacement(scalar: Scalar, match: re.Match[str], environ: Mapping[str, str]) -> str:
    if match["escape"]:
        return "${"
    if match["stray"]:
        mend = "write ${NAME}, ${NAME:-default} or ${file:PATH}; $${ stands for ${ itself"
        raise ConfigError([problem_at(scalar, "`${` begins no variable", mend)])
    return _file(scalar, match["path"]) if match["path"] else _variable(scalar, match, environ)


def _variable(scalar: Scalar, match: re.Match[str], environ: Mapping[str, str]) -> str:
    name, default = match["name"], match["default"]
    value = environ.get(name)
    if default is not None:
        return value or default.removeprefix(":-")
    if value is None:
        mend = f"set it, or write ${{{name}:-DEFAULT}}"
        raise ConfigError([problem_at(scalar, f"the environment variable {name} is not set", mend)])
    return value


def _file(scalar: Scalar, name: str) -> str:
    path = Path(scalar.file).parent / name
    try:
        text = read_text(path, LARGEST_SECRET)
    except ConfigError as error:
        what = f"`${{file:{name}}}` {error.problems[0].what}"
        raise ConfigError([problem_at(scalar, what, f"make {path} a text file that this user may read")]) from error
    return text.removesuffix("\n").removesuffix("\r")
