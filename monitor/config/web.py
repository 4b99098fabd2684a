"""From the web configuration file to settings and a TLS context: every mistake with its file, line and mend."""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from exporters.web.tls import TlsFault, tls_context
from model.invalid import InvalidValueError
from model.web import WebSettings, check_user
from monitor.config.explaining import explain_errors
from monitor.config.parsing import parse
from monitor.config.problem import ConfigError, Problem
from monitor.config.reading import read_text
from monitor.config.substitution import substitute
from monitor.config.tree import Mapping as Tree
from monitor.config.tree import Node, locate, plain_values, problem_at

LARGEST: Final = 2**20
"""Bytes of the file."""


@dataclass(frozen=True, slots=True)
class LoadedWeb:
    """What a web configuration file says.

    Attributes:
        settings: Checked.
        context: For TLS; ``None`` where plain HTTP is spoken.
        files: All that was read, for whoever watches for changes.
    """

    settings: WebSettings
    context: ssl.SSLContext | None
    files: tuple[Path, ...]


def load_web(path: Path, environ: Mapping[str, str] = os.environ) -> LoadedWeb:
    """Read a web configuration file, and the certificates that it names; their paths are relative to its folder.

    Raises:
        ConfigError: With all problems that were found; no secret is among the words.
    """
    tree = _tree(path, environ)
    wrong_names = _wrong_names(tree)
    if wrong_names:
        raise ConfigError(wrong_names)
    try:
        settings = WebSettings.model_validate(plain_values(tree))
    except ValidationError as error:
        raise ConfigError(problem for _, problem in explain_errors(error, tree, WebSettings)) from None
    try:
        context = tls_context(settings.tls_server_config, path.parent)
    except TlsFault as fault:
        raise ConfigError([_placed(fault, tree)]) from None
    return LoadedWeb(settings, context, files_of(path, settings))


def files_of(path: Path, settings: WebSettings) -> tuple[Path, ...]:
    """The file itself, and what it names."""
    tls = settings.tls_server_config
    return (path, *(path.parent / name for name in (tls.cert_file, tls.key_file, tls.client_ca_file) if name))


def _tree(path: Path, environ: Mapping[str, str]) -> Tree:
    text = read_text(path, LARGEST)
    if not any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
        return Tree({}, str(path), 1)  # nothing is wanted, as with the exporters
    tree, problems = parse(text, str(path), "tls_server_config:")
    if tree is None or problems:
        raise ConfigError(problems)
    problems = substitute(tree, environ)
    if problems:
        raise ConfigError(problems)
    return tree


def _wrong_names(tree: Node) -> list[Problem]:
    users, path = locate(tree, ("basic_auth_users",))
    problems = []
    for name, value in users.entries.items() if path and isinstance(users, Tree) else ():
        try:
            check_user(name)
        except InvalidValueError as error:
            problems.append(problem_at(value, error.what, error.mend))
    return problems


def _placed(fault: TlsFault, tree: Node) -> Problem:
    node, _ = locate(tree, ("tls_server_config", fault.key))
    return problem_at(node, f"`{fault.key}`: {fault.what}", fault.mend)
