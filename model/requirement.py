"""What a link or service must deliver: the contract word of this project."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Discriminator, Field, Tag

from model.fields import BitRate, Described, Duration, PositiveDuration, Ratio, Record


class Requirement(Record):
    """Thresholds that a link or service must keep. A threshold that is left out is not required."""

    extends: str | None = Field(
        None, description="A preset or another requirement, whose thresholds hold where this one states none."
    )
    availability: Ratio | None = Field(
        None, description="Smallest share of a calendar month inside service hours, such as 99.9%."
    )
    rtt_p95: PositiveDuration | None = Field(
        None,
        description="Largest 95th percentile of the round-trip time, lost packets counted as infinite; "
        "of a service, of the time until the whole answer is there.",
    )
    loss: Ratio | None = Field(None, description="Largest share of lost probes.")
    delay_variation_p99: PositiveDuration | None = Field(
        None, description="Largest 99th percentile of the delay above the window's minimum (PDV, RFC 5481)."
    )
    download: BitRate | None = Field(None, description="Smallest speed towards the site.")
    upload: BitRate | None = Field(None, description="Smallest speed away from the site.")
    contracted_share: Ratio | None = Field(
        None, description="Smallest share of the contracted speed, each way, such as 80%."
    )
    window: PositiveDuration = Field(300.0, description="Over which rtt, loss and delay variation are judged.")
    restore: Duration | None = Field(None, description="Longest time to repair.")

    def overlaid(self, own: "Requirement") -> "Requirement":
        """This requirement with every threshold that ``own`` states itself put in its place."""
        return self.model_copy(update={name: getattr(own, name) for name in own.model_fields_set})


# A tag tells which branch a value was meant for, so that the other one does not complain too.
NameOrRequirement = Annotated[
    Annotated[str, Tag("(name)")] | Annotated[Requirement, Tag("(own)")],
    Discriminator(lambda value: "(name)" if isinstance(value, str) else "(own)"),
    Described("the name of a requirement, or thresholds such as `{rtt_p95: 30ms}`"),
]


def resolved(own: Mapping[str, Requirement], presets: Mapping[str, Requirement]) -> dict[str, Requirement]:
    """The presets and a file's own requirements in one table, each with what it extends laid under it.

    An entry takes the place of the preset of its name; one that extends its own name is an overlay on that preset.
    What an entry extends exists, and never leads back to it: ``model.references`` has checked both.
    """
    return {**presets, **{name: _with_its_base(name, own, presets) for name in own}}


def _with_its_base(name: str, own: Mapping[str, Requirement], presets: Mapping[str, Requirement]) -> Requirement:
    requirement, base = own[name], own[name].extends
    if base is None:
        return requirement
    below = _with_its_base(base, own, presets) if base in own and base != name else presets[base]
    return below.overlaid(requirement)
