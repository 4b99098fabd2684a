"""Requirements that are built in, each a data file with its source, its date, and which numbers were seen there."""

from collections.abc import Mapping
from importlib.resources import files

from pydantic import Field

from model.fields import Flag, Record
from model.requirement import Requirement
from monitor.config.parsing import parse
from monitor.config.problem import ConfigError
from monitor.config.substitution import substitute
from monitor.config.tree import plain_values


class Threshold(Record):
    """One number of a preset."""

    value: str = Field(description="As a requirement spells it.")
    verified: Flag = Field(description="Whether the number was seen in the source that the file names.")
    note: str = Field("", description="Where it comes from otherwise, or how it is read here.")


class Preset(Record):
    """A preset as its file has it."""

    title: str
    source: str
    date: str = Field(description="Of the source, as exactly as it is known.")
    thresholds: Mapping[str, Threshold]

    @property
    def requirement(self) -> Requirement:
        """The requirement that it stands for."""
        return Requirement.model_validate({key: threshold.value for key, threshold in self.thresholds.items()})


def presets() -> Mapping[str, Preset]:
    """All presets by name."""
    found = sorted(file.name for file in files(__name__).iterdir() if file.name.endswith(".yml"))
    return {name.removesuffix(".yml"): _preset(name) for name in found}


def _preset(name: str) -> Preset:
    tree, problems = parse(files(__name__).joinpath(name).read_text("utf-8"), name)
    if tree is None or problems or (problems := substitute(tree, {})):
        raise ConfigError(problems)
    return Preset.model_validate(plain_values(tree))
