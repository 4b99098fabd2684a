"""The description of the API (OpenAPI 3.1), with what holds for every question."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI

from exporters.api.problems import refusals

_EVERYWHERE: Final = refusals(HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INTERNAL_SERVER_ERROR)


class DescribedApi(FastAPI):
    """Describes itself whole."""

    def openapi(self) -> dict[str, Any]:
        """The description; made once."""
        if self.openapi_schema is None:
            _complete(super().openapi())
        description: dict[str, Any] = super().openapi()
        return description


def _complete(description: dict[str, Any]) -> None:
    """Say that a password may be wanted, and how a request that has none, or too many, is refused."""
    schemes = description.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes["password"] = {
        "type": "http",
        "scheme": "basic",
        "description": "Only where the web configuration file names users.",
    }
    description["security"] = [{}, {"password": []}]
    for methods in description["paths"].values():
        for operation in methods.values():
            for status, refusal in _EVERYWHERE.items():
                operation["responses"].setdefault(str(status), refusal)
