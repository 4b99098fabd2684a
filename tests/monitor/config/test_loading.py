"""From files to an Inventory."""

import errno
import gc
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.inventory import Inventory
from monitor.config import ConfigError, Problem, load, load_checked
from monitor.config.parsing import parse
from monitor.config.reading import inventory_files, read_text
from monitor.config.substitution import substitute
from monitor.config.tree import plain_values

Write = Callable[..., Path]
EXAMPLE = (Path(__file__).parents[3] / "examples" / "ward.yml").read_text("utf-8")
SITE = "sites:\n  - id: office\n"


def problems(path: Path, environ: dict[str, str] | None = None) -> list[str]:
    """What is wrong, without the folder of the test."""
    with pytest.raises(ConfigError) as caught:
        load(path, environ or {})
    folder = path if path.is_dir() else path.parent
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


def test_words_of_yaml_1_1_are_words(written: Write) -> None:
    """`no`, `on` and 0-led numbers keep their spelling; a plain number may stand for text."""
    path = written(f"{SITE}    name: no\n    links: [{{id: l, target: icmp://h, circuit: 0123, provider: on}}]\n")
    inventory = load(path, {})
    (link,) = inventory.sites[0].links
    assert (inventory.sites[0].name, link.circuit, link.provider) == ("no", "0123", "on")


@pytest.mark.parametrize(("written_as", "version"), [("3", "3"), ("'3'", "3"), ("2c", "2c"), ("1", "1")])
def test_a_version_may_stand_with_or_without_quotes(written: Write, written_as: str, version: str) -> None:
    """YAML takes 3 for a number and 2c for text; a person does not care."""
    rest = "user: an" if version == "3" else "community: public"
    inventory = load(written(f"credentials: {{c: {{version: {written_as}, {rest}}}}}\n"), {})
    assert inventory.credentials["c"].version == version


def test_variables_files_and_defaults_are_looked_up(written: Write) -> None:
    """Anywhere in a text, more than once; a file is relative to the file that names it and loses one line end."""
    written("from-file\r\n", "secrets/name")
    names = "${A}-${B:-b}-${C:-c}-${file:secrets/name}-$${A}-$A"
    inventory = load(written(f'{SITE}    name: "{names}"\n'), {"A": "a", "B": ""})
    assert inventory.sites[0].name == "a-b-c-from-file-${A}-$A"


def test_what_was_looked_up_is_not_looked_up_again(written: Write) -> None:
    """A secret that looks like a variable is a secret."""
    assert load(written(f"{SITE}    name: ${{A}}\n"), {"A": "${B}"}).sites[0].name == "${B}"


def test_a_variable_may_hold_a_number_or_a_truth_value(written: Write) -> None:
    """The type is the key's affair, not YAML's."""
    text = f"{SITE}    services: [{{id: s, url: 'http://x/', max_redirects: '${{N}}', tls: {{verify: '${{V}}'}}}}]\n"
    (service,) = load(written(text), {"N": "7", "V": "false"}).sites[0].services
    assert (service.max_redirects, service.tls.verify) == (7, False)


@pytest.mark.parametrize(
    "text",
    [
        "credentials: {c: {version: '${SECRET}', community: x}}\n",
        f"{SITE}    team: ${{SECRET}}\n",
        f"{SITE}    devices: [{{id: d, address: 'x ${{SECRET}}'}}]\n",
        f"{SITE}    links: [{{id: l, target: 'tcp://${{SECRET}}'}}]\n",
        f"{SITE}    links: [{{id: l, target: icmp://h, interval: '${{SECRET}}'}}]\n",
        f"{SITE}    links: [{{id: l, target: icmp://h, interface: '${{SECRET}}/ether1'}}]\n",
        f"{SITE}    links: [{{id: l, target: 'snmp://${{SECRET}}'}}]\n",
        f"{SITE}    services: [{{id: s, url: 'ftp://${{SECRET}}'}}]\n",
        "alerts: {receivers: {a: {urls: {canary: '${SECRET}'}}}}\n",
        "storage: {url: [canary-canary]}\n",
        "credentials: {c: {version: 3, user: an, auth: SHA, auth_passphrase: canary}}\n",
    ],
)
def test_a_secret_in_the_wrong_place_is_not_shown(written: Write, text: str) -> None:
    """Whatever is wrong with a value that was looked up, or of a secret key, the message does not hold it."""
    told = problems(written(text), {"SECRET": "canary-canary"})
    assert told
    assert "canary" not in " ".join(told)


def test_a_secret_is_in_no_repr(written: Write) -> None:
    """An inventory may be printed."""
    text = "credentials: {c: {version: 2c, community: '${SECRET}'}}\n"
    inventory = load(written(text), {"SECRET": "canary"})
    assert "canary" not in repr(inventory)
    assert "canary" not in inventory.model_dump_json()


def test_a_folder_is_read_as_one_file(written: Write) -> None:
    """Lists append and tables merge, in the order of the names; other and hidden files are left alone."""
    written("ward: {id: w}\nsites: [{id: a}]\ncredentials: {x: {version: 2c, community: c}}\n", "d/1.yml")
    written(
        "sites: [{id: b}]\ncredentials: {y: {version: 1, community: c}}\nstorage: {keep: {rollups: 1y}}\n", "d/2.yml"
    )
    written("storage: {keep: {transitions: 1y}}\n", "d/3.yml")
    written("not: [yaml", "d/4.yaml")
    folder = written("not: [yaml", "d/.#1.yml").parent
    inventory = load(folder, {})
    assert [site.id for site in inventory.sites] == ["a", "b"]
    assert set(inventory.credentials) == {"x", "y"}
    assert inventory.storage.keep.transitions == inventory.storage.keep.rollups


def test_what_stands_in_two_files_names_both(written: Write) -> None:
    """A scalar, an id, and a table that is a list elsewhere."""
    written("ward:\n  id: w\nsites: [{id: a}]\npeople: {an: {}}\n", "d/1.yml")
    folder = written("ward:\n  id: v\nsites:\n  - id: a\npeople: []\n", "d/2.yml").parent
    assert problems(folder) == [
        f"2.yml:2: `id` is already there at {folder}/1.yml:2: keep it in one file only".replace(f"{folder}/", ""),
        "2.yml:4: `a` is the id of a site already, at 1.yml:3: give this site an id of its own",
        "2.yml:5: `people` is already there at 1.yml:4: keep it in one file only",
    ]


def test_a_record_in_two_files_is_told_once(written: Write) -> None:
    """By its name, not key by key; parts of one record may stand in two files."""
    first = "credentials:\n  v2: {version: 2c, community: c}\nalerts: {receivers: {a: {webhook: 'http://h/'}}}\n"
    written(first, "d/1.yml")
    second = "credentials:\n  v2: {version: 2c, community: d}\nalerts:\n  receivers:\n    a:\n      webhook: x\n"
    folder = written(second, "d/2.yml").parent
    assert problems(folder) == [
        "2.yml:2: `v2` of `credentials` is already there at 1.yml:2: keep it in one file only",
        "2.yml:5: `a` of `receivers` is already there at 1.yml:3: keep it in one file only",
    ]


def test_merging_does_not_reach_through_an_alias(written: Write) -> None:
    """A second file adds to the one table that it names."""
    first = "credentials: {a: &c {version: 2c, community: c}, b: *c}\n"
    written(first, "d/1.yml")
    folder = written("credentials: {a: {user: an}}\n", "d/2.yml").parent
    assert problems(folder) == ["2.yml:1: `user` means nothing in version 2c: take it out or write version 3"]


def test_files_are_judged_no_further_when_one_cannot_be_read(written: Write) -> None:
    """What the others refer to may stand in it; what is wrong with each by itself is told all the same."""
    written("sites: [\n", "d/1.yml")
    written(f"{SITE}    team: nobody\n    name: ${{NOT_SET}}\n", "d/2.yml")
    folder = written(b"\xff\xfe", "d/3.yml").parent
    assert [line.partition(":")[0] for line in problems(folder)] == ["1.yml", "2.yml", "3.yml"]


def test_anchors_and_merge_keys_repeat_what_was_written(written: Write) -> None:
    """A mapping's own keys win over those it takes over, the first of several over the later."""
    text = (
        "sites:\n  - id: a\n    devices:\n"
        "      - &base {id: d1, address: 10.20.0.1, role: router}\n"
        "      - {<<: *base, id: d2}\n"
        "      - {<<: [{role: ups}, *base], id: &name d3, name: *name}\n"
    )
    devices = [device for _, device in load(written(text), {}).devices()]
    assert [(device.id, device.role) for device in devices] == [("d1", "router"), ("d2", "router"), ("d3", "ups")]
    assert devices[2].name == "d3"


def test_a_problem_in_an_alias_stands_where_the_alias_does(written: Write) -> None:
    """The line that has to be changed is the one that uses the wrong thing."""
    text = "sites:\n  - id: &name office\n    devices:\n      - {id: d, address: 10.20.0.1}\n  - id:\n      *name\n"
    assert problems(written(text))[0].startswith("ward.yml:5: `office` is the id of a site already, at ward.yml:2")


@pytest.mark.parametrize("text", ["\ufeff" + EXAMPLE, EXAMPLE.replace("\n", "\r\n"), "%YAML 1.2\n---\n" + EXAMPLE])
def test_how_an_editor_saves_makes_no_difference(written: Write, text: str) -> None:
    """A byte order mark, the line ends of Windows, a YAML heading."""
    assert load(written(text), {}) == load(written(EXAMPLE, "plain.yml"), {})


def test_lines_are_counted_with_the_line_ends_of_windows(written: Write) -> None:
    """CRLF is one line end."""
    assert problems(written("ward:\r\n  id: w\r\n  naem: x\r\n"))[0].startswith("ward.yml:3:")


@pytest.mark.parametrize("text", ["", "\n# nothing\n", "---\n", "null\n"])
def test_an_empty_file_is_told(written: Write, text: str) -> None:
    """Nothing, a comment, an empty document."""
    (told,) = problems(written(text))
    assert "ward.yml:1:" in told


def test_an_explicit_null_leaves_a_key_out(written: Write) -> None:
    """What a program writes for nothing is nothing."""
    (site,) = load(written(f"{SITE}    team: null\n    location: ~\n"), {}).sites
    assert (site.team, site.location) == (None, None)


def test_a_null_where_something_must_be_is_told(written: Write) -> None:
    """It cannot stand for a number or a list."""
    assert problems(written(f"{SITE}    devices: null\n    kind: ~\n")) == [
        "ward.yml:3: `devices` cannot be null: write a list, each with keys such as `id`, `name`, `address`",
        "ward.yml:4: `kind` cannot be null: write one of `office`, `community-point`, `datacentre`, `other`",
    ]


def test_a_path_that_cannot_be_read_is_told_without_a_line(tmp_path: Path, written: Write) -> None:
    """No file, no access by its kind, a folder without files, a path that cannot be."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "d" / "x.yml").mkdir(parents=True)
    for path, reason in {
        tmp_path / "none.yml": "No such file or directory",
        tmp_path / "d": "Is a directory",
        tmp_path / "empty": "holds no *.yml file",
        tmp_path / "nul\0": "no such path",
        written("x", "file") / "below": "Not a directory",
    }.items():
        with pytest.raises(ConfigError, match=reason.replace("*", r"\*")) as caught:
            load(path, {})
        assert ":0" not in str(caught.value)


def test_a_file_or_folder_without_permission_is_told(written: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operating system's reason is passed on."""

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    path = written(EXAMPLE)
    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(ConfigError, match="Permission denied"):
        read_text(path)
    with pytest.raises(ConfigError, match="Permission denied"):
        inventory_files(path.parent)


def test_bytes_that_are_not_utf_8_are_told_with_their_line(written: Write) -> None:
    """The old Vietnamese code pages are the likely cause."""
    assert problems(written(b"ward:\n  name: Ph\xfd\xf5ng\n")) == [
        "ward.yml:2: this is not UTF-8: save the file as UTF-8"
    ]


def test_control_characters_are_told_with_their_line(written: Write) -> None:
    """A NUL or an escape sequence has slipped in."""
    assert problems(written("ward:\n  name: a\x00b\n")) == [
        "ward.yml:2: there is a control character (U+0000): take it out"
    ]


def test_endless_files_are_read_only_so_far() -> None:
    """A device file does not fill the memory."""
    with pytest.raises(ConfigError, match="is larger than"):
        load(Path("/dev/zero"), {})


def test_a_large_secret_is_refused(written: Write) -> None:
    """The wrong file was named."""
    written("x" * 70_000, "big")
    assert "is larger than 65536 bytes" in problems(written(f"{SITE}    name: '${{file:big}}'\n"))[0]


def test_aliases_of_aliases_are_bounded(written: Write) -> None:
    """Ten lines that stand for ten billion values are refused before they are made."""
    levels = [f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 10)}]" for level in range(1, 11)]
    (told,) = problems(written("\n".join(["l0: &l0 [x, x, x, x, x, x, x, x, x, x]", *levels])))
    assert "aliases stand for more than 1000000 values" in told


@pytest.mark.parametrize("text", ["[" * 10_000, "{a: " * 10_000, "- " * 10_000 + "a", "{a: " * 60 + "1" + "}" * 60])
def test_deep_nesting_is_bounded(written: Write, text: str) -> None:
    """Before any recursion could end the program."""
    (told,) = problems(written(text))
    assert "more than 50 levels of nesting" in told


def test_one_mistake_does_not_hide_another(written: Write) -> None:
    """A record that is cut out is still known by its id, and what is left of the file is cross-checked."""
    text = (
        "sites:\n  - id: office\n    team: nobody\n    devices:\n"
        "      - {id: d1, addr: 10.20.0.1, snmp: {credentials: v2}}\n"
        "      - {id: d2, address: 10.20.0.2, depends_on: [d1, d9]}\n"
        "credentials: {v2: {version: 2c, community: c}}\n"
    )
    assert [told.partition(": ")[2].partition(":")[0] for told in problems(written(text))] == [
        "there is no team `nobody`",
        "`addr` is not a key of a device",
        "`address` is missing",
        "there is no device or link `d9`",
    ]


def test_warnings_come_beside_the_inventory(written: Write) -> None:
    """In the order of the file, with places, and `load` is silent about them."""
    path = written(f"people:\n  an: {{}}\nteams:\n  ict: {{members: [an]}}\n{SITE}")
    inventory, warnings = load_checked(path, {})
    assert [(warning.line, warning.what) for warning in warnings] == [(4, "nobody uses `ict`")]
    assert load(path, {}) == inventory


def test_presets_are_among_the_requirements(written: Write) -> None:
    """By name, replaced, or overlaid."""
    text = "requirements:\n  office: {extends: office, loss: 2%}\n  backup-4g: {loss: 5%}\n"
    requirements = load(written(text), {}).requirements
    assert set(requirements) == {"qcvn34", "office", "community-point", "backup-4g", "public-service"}
    assert (requirements["office"].loss, requirements["office"].rtt_p95) == (0.02, 0.03)
    assert (requirements["backup-4g"].loss, requirements["backup-4g"].rtt_p95) == (0.05, None)


def test_suggestions_end_where_they_would_take_long(written: Write) -> None:
    """Thousands of dangling names are all told, the first fifty with a suggestion."""
    links = "".join(f"      - {{id: l{n}, target: icmp://h, requirement: ofice}}\n" for n in range(60))
    told = problems(written(f"{SITE}    links:\n{links}"))
    assert len(told) == 60
    assert sum("did you mean `office`?" in line for line in told) == 50


def test_problems_are_each_told_once_in_order() -> None:
    """An error sorts what it is given."""
    first, second = Problem("a.yml", 2, "x", "y"), Problem("a.yml", 10, "x", "y")
    assert ConfigError([second, first, second]).problems == (first, second)


@pytest.mark.parametrize("is_enabled", [True, False])
def test_loading_leaves_the_garbage_collector_as_it_was(written: Write, *, is_enabled: bool) -> None:
    """Whether it succeeds or fails."""
    before = gc.isenabled()
    try:
        (gc.enable if is_enabled else gc.disable)()
        load(written(SITE), {})
        problems(written("ward: 1\n"))
        assert gc.isenabled() is is_enabled
    finally:
        (gc.enable if before else gc.disable)()


PIECES = st.sampled_from([
    *"\n\t :{}[]'\"|>%@#~?\\\x00\u2028\ufeffé",
    *("\xa0", "\u200b", "“", "”", "1,5", "-id: x", "id:x", '"', "{a: ", "${A", ", "),
    *("- ", ": ", "  ", "&a ", "*a", "<<: ", "!x ", "---\n", "...\n", "null", "true", "-1", "1e9", "99%", "[[a]"),
    *("${", "${A}", "${file:x}", "id: office", "office", "snmp://office-rt1", "sites:", "depends_on: [a]"),
])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(EXAMPLE)), st.integers(0, 40), PIECES), min_size=1, max_size=4))
def test_any_text_gives_an_inventory_or_a_named_problem(written: Write, edits: list[tuple[int, int, str]]) -> None:
    """Whatever is cut out of the example or put into it, no other error comes out, and each problem has its words."""
    text = EXAMPLE
    for start, length, piece in edits:
        text = text[:start] + piece + text[start + length :]
    outcome = outcome_of(written(text))
    if isinstance(outcome, ConfigError):
        assert outcome.problems
        assert all(problem.what and problem.mend and problem.line >= 1 for problem in outcome.problems)


def outcome_of(path: Path) -> Inventory | ConfigError:
    """What comes of a file."""
    try:
        return load(path, {"A": "x"})
    except ConfigError as error:
        return error


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["office", "1s", "9%"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "name", "office"]), inner, max_size=3)
    ),
    max_leaves=4,
)


def replaced(value: Any, steps: list[int], new: object) -> Any:
    """The value with one place inside it, to which the steps lead, filled anew."""
    if not steps or not isinstance(value, dict | list) or not value:
        return new
    step, *rest = steps
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = keys[step % len(keys)]
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[key] = replaced(copy[key], rest, new)
    return copy


def data_of_the_example() -> object:
    """The example as lists, dicts and text."""
    tree, _ = parse(EXAMPLE, "ward.yml")
    assert tree is not None
    substitute(tree, {})
    return plain_values(tree)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.lists(st.integers(0, 20), max_size=8), VALUES), min_size=1, max_size=3))
def test_any_value_anywhere_gives_an_inventory_or_a_named_problem(
    written: Write, changes: list[tuple[list[int], object]]
) -> None:
    """Text for tables, tables for text, numbers out of all bounds: each gives problems with words, no other error."""
    data: Any = data_of_the_example()
    for steps, new in changes:
        data = replaced(data, steps, new)
    outcome = outcome_of(written(json.dumps(data)))
    if isinstance(outcome, ConfigError):
        assert all(problem.what and problem.mend and problem.line == 1 for problem in outcome.problems)
