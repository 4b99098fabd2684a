"""What a link or service must deliver: the contract word of this project."""

from pydantic import Field

from model.fields import BitRate, Duration, PositiveDuration, Ratio, Record


class Requirement(Record):
    """Thresholds that a link or service must keep. A threshold that is left out is not required."""

    availability: Ratio | None = Field(
        None, description="Smallest share of a calendar month inside service hours, such as 99.9%."
    )
    rtt_p95: PositiveDuration | None = Field(
        None, description="Largest 95th percentile of the round-trip time, lost packets counted as infinite."
    )
    loss: Ratio | None = Field(None, description="Largest share of lost probes.")
    delay_variation_p99: PositiveDuration | None = Field(
        None, description="Largest 99th percentile of the delay above the window's minimum (PDV, RFC 5481)."
    )
    download: BitRate | None = Field(None, description="Smallest speed towards the site.")
    upload: BitRate | None = Field(None, description="Smallest speed away from the site.")
    window: PositiveDuration = Field(300.0, description="Over which rtt, loss and delay variation are judged.")
    restore: Duration | None = Field(None, description="Longest time to repair.")

    def overlaid(self, own: "Requirement") -> "Requirement":
        """This requirement with every threshold that ``own`` states itself put in its place."""
        return self.model_copy(update={name: getattr(own, name) for name in own.model_fields_set})
