"""Vendors by their enterprise numbers."""

import pytest

from model.vendors import vendor_of


@pytest.mark.parametrize(
    ("object_id", "vendor"),
    [
        ("1.3.6.1.4.1.14988.1", "MikroTik"),
        ("1.3.6.1.4.1.2011.2.23.276", "Huawei"),
        ("1.3.6.1.4.1.9", "Cisco"),
        ("1.3.6.1.4.1.99999.1", "enterprise 99999"),
        ("1.3.6.1.4.1.", ""),
        ("1.3.6.1.2.1.1", ""),
        ("", ""),
    ],
)
def test_vendor(object_id: str, vendor: str) -> None:
    """Common ones by name, others by their number, and nothing where there is none."""
    assert vendor_of(object_id) == vendor
