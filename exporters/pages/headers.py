"""What every page tells the browser: load nothing from elsewhere, send nothing elsewhere."""

from collections.abc import Mapping
from typing import Final

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action {}; frame-ancestors 'none'"
)

PAGE_HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": _POLICY.format("'none'"),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}
"""Of a page that only shows."""

FORM_HEADERS: Final[Mapping[str, str]] = {
    **PAGE_HEADERS,
    "content-security-policy": _POLICY.format("'self'"),
    # With no-referrer a browser would call the origin of our own forms null, as it does that of strangers.
    "referrer-policy": "same-origin",
}
"""Of a page with a form. No frame of another site may show it, so that nobody is made to press its button unseen."""
