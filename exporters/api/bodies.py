"""What a request brings along, read strictly: a JSON object of a known shape, or the fields of a form."""

import json
from difflib import get_close_matches
from http import HTTPStatus
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import ClientDisconnect

from exporters.api.problems import RefusedError
from exporters.web.caller import user_of
from model.invalid import InvalidValueError

MOST_BYTES: Final = 64 * 1024
"""Far more than a comment needs."""

LONGEST_NAME: Final = 100
LONGEST_COMMENT: Final = 2_000

_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"
_MOST_FIELDS: Final = 20
_NEAR: Final = 0.6


def _check_printable(text: str) -> str:
    if not text.isprintable():
        raise InvalidValueError("it holds what cannot be shown", "write it on one line, in letters")
    return text


Who = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_NAME,
        description="Who does it: a name under `people`, or any other. Left out: whose password was sent.",
    ),
    AfterValidator(_check_printable),
]
Comment = Annotated[str, Field(max_length=LONGEST_COMMENT, description="Why, for those who read it later.")]


class Body(BaseModel):
    """What a request may say; a key that it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


AnyBody = TypeVar("AnyBody", bound=BaseModel)


async def read_object(request: Request, shape: type[AnyBody]) -> AnyBody:
    """The JSON object that a request brings.

    A browser's form cannot send JSON, nor may another site's script without asking first, so the type is insisted on.

    Raises:
        RefusedError: 415 where it is said to be something else, 413 where it is too long, 400 where it is no JSON, 422
            where it has another shape.
    """
    _check_type(request, _JSON)
    try:
        found = json.loads(await _read(request))
    except (ValueError, RecursionError) as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "the body is no JSON", "send a JSON object in UTF-8") from error
    if not isinstance(found, dict):
        raise _wrong("the body is no JSON object", f"send one; {_listed(known_keys(shape))}")
    return validated(_with_user(found, shape, user_of(request)), shape)


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form; of one that is there twice the last.

    Raises:
        RefusedError: 415, 413, or 400 where it is no form.
    """
    _check_type(request, _FORM)
    try:
        text = (await _read(request)).decode("ascii")
        return dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS))
    except ValueError as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "the form cannot be read", "send it from its page") from error


def validated(found: dict[str, Any], shape: type[AnyBody]) -> AnyBody:
    """An object of a shape.

    Raises:
        RefusedError: 422, with the nearest key where one is unknown.
    """
    known = known_keys(shape)
    for key in found:
        if key not in known:
            near = get_close_matches(key, known, 1, _NEAR)
            raise _wrong(f"there is no key {key!r}", f"did you mean {near[0]!r}?" if near else _listed(known))
    try:
        return shape.model_validate(found)
    except ValidationError as error:
        raise _wrong(*_told(error)) from error


def _with_user(found: dict[str, Any], shape: type[BaseModel], user: str) -> dict[str, Any]:
    """Whoever names nobody, and has shown who they are, means themselves."""
    nobody = [key for key in ("who", "author") if user and key in shape.model_fields and not found.get(key)]
    return found | dict.fromkeys(nobody, user)


def known_keys(shape: type[BaseModel]) -> list[str]:
    """The keys of a shape, as they are written."""
    return [field.alias or name for name, field in shape.model_fields.items()]


def body_of(shape: type[BaseModel]) -> dict[str, Any]:
    """A body for the description of the API."""
    content = {_JSON: {"schema": shape.model_json_schema()}}
    return {"requestBody": {"required": True, "content": content}}


def _told(error: ValidationError) -> tuple[str, str]:
    """The first thing that is wrong."""
    first = error.errors(include_url=False, include_input=False)[0]
    what, mend = first["msg"], "see /api/v1/openapi.json for what it may be"
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, InvalidValueError):
        what, mend = cause.what, cause.mend
    elif first["type"] == "missing":
        what, mend = "is missing", "add it"
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {what}" if place else what, mend


def _check_type(request: Request, wanted: str) -> None:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != wanted:
        raise RefusedError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"the body is said to be {given or 'nothing in particular'!r}",
            f"send it with content-type: {wanted}",
        )


async def _read(request: Request) -> bytes:
    held = bytearray()
    try:
        async for piece in request.stream():
            held += piece
            if len(held) > MOST_BYTES:
                raise RefusedError(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body is longer than {MOST_BYTES} bytes", "send less"
                )
    except ClientDisconnect as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "the body ended too soon", "send all of it") from error
    return bytes(held)


def _wrong(what: str, mend: str) -> RefusedError:
    return RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, what, mend)


def _listed(keys: list[str]) -> str:
    return f"the keys are {', '.join(keys)}"
