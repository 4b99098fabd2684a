"""Which text format and which encoding a scraper is given, from its request headers."""

from typing import Final, NamedTuple

from exporters.exposition import Style

_STYLES: Final = {
    "application/openmetrics-text": Style.OPENMETRICS,
    "text/plain": Style.TEXT,
    "text/*": Style.TEXT,
    "*/*": Style.TEXT,
}
_NOT_ACCEPTED: Final = 0.0


class _Offer(NamedTuple):
    name: str
    quality: float
    version: str


def style_for(accept: str) -> Style:
    """The format that an Accept header likes best (RFC 9110 §12.5.1); text where it likes none of ours."""
    offers = [offer for offer in map(_offer, accept.split(",")) if _is_ours(offer)]
    best = max(offers, key=lambda offer: offer.quality, default=None)
    return _STYLES[best.name] if best else Style.TEXT


def gzip_accepted(accept_encoding: str) -> bool:
    """Whether an Accept-Encoding header allows gzip (RFC 9110 §12.5.3)."""
    offers = {offer.name: offer.quality for offer in map(_offer, accept_encoding.split(","))}
    return offers.get("gzip", offers.get("*", _NOT_ACCEPTED)) > _NOT_ACCEPTED


def _is_ours(offer: _Offer) -> bool:
    # OpenMetrics 0.0.1 is what Prometheus called its draft; nobody asks for it alone.
    known = offer.name in _STYLES and offer.quality > _NOT_ACCEPTED
    return known and not (offer.name.startswith("application/") and offer.version not in {"", "1.0.0"})


def _offer(text: str) -> _Offer:
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    values = dict(parameter.split("=", 1) for parameter in parameters if "=" in parameter)
    try:
        quality = float(values.get("q", "1"))
    except ValueError:
        quality = _NOT_ACCEPTED
    return _Offer(name, quality, values.get("version", ""))
