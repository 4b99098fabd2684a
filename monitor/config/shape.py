"""What the inventory's types want at a place, in words: for messages, for the page of documentation, for the schema."""

from collections.abc import Iterator
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from model.fields import Described, Quantity, Record
from model.finding import Path
from model.inventory import Inventory
from model.target import Target


@dataclass(frozen=True, slots=True)
class Shape:
    """The type of a value without its wrappings.

    Attributes:
        base: A class, a ``Literal``, ``tuple[…]`` or ``Mapping[…]``.
        notes: What was annotated on it, from the outside in.
        branches: The members of a union; its one member where there is none.
    """

    base: Any
    notes: tuple[object, ...] = ()
    branches: tuple["Shape", ...] = ()

    @property
    def record(self) -> type[Record] | None:
        """The class of records that can stand here."""
        found = (shape.base for shape in (self, *self.branches) if _is_record(shape.base))
        return next(found, None)

    @property
    def is_secret(self) -> bool:
        """Whether the value must not be shown."""
        return self.base is SecretStr

    @property
    def quantity(self) -> Quantity | None:
        """How a number with a unit is spelled."""
        return next((note for note in self.notes if isinstance(note, Quantity)), None)

    @property
    def choices(self) -> tuple[str, ...]:
        """What can be written, where that is one of a few words."""
        if get_origin(self.base) is Literal:
            return tuple(str(each) for each in get_args(self.base))
        is_enum = isinstance(self.base, type) and issubclass(self.base, StrEnum)
        return tuple(str(each) for each in self.base) if is_enum else ()

    def item(self, place: str | int = 0) -> "Shape":
        """The shape of an item of a list or mapping; of anything else, its own."""
        arguments = get_args(self.base)
        if get_origin(self.base) is tuple:
            return shape_of(arguments[0 if arguments[-1] is Ellipsis else int(place)])
        return shape_of(arguments[1]) if get_origin(self.base) is AbstractMapping else self


_WORDS: Final[AbstractMapping[object, str]] = {
    bool: "`true` or `false`",
    int: "a whole number",
    float: "a number",
    str: "text",
    SecretStr: "text",
    Target: "a target such as `icmp://203.0.113.1`",
}
_BOUNDS: Final = (("gt", "more than"), ("ge", "from"), ("le", "to"))


def shape_of(annotation: Any, notes: tuple[object, ...] = ()) -> Shape:
    """The shape behind ``Annotated``, ``Optional`` and unions."""
    if get_origin(annotation) is Annotated:
        base, *inner = get_args(annotation)
        return shape_of(base, (*notes, *inner))
    if get_origin(annotation) in {Union, UnionType}:
        members = tuple(shape_of(member) for member in get_args(annotation) if member is not NoneType)
        if len(members) == 1:
            return Shape(members[0].base, (*notes, *members[0].notes), members[0].branches)
        return Shape(annotation, notes, members)
    return Shape(annotation, notes)


def shape_of_field(field: FieldInfo) -> Shape:
    """The shape of a field of a record."""
    return shape_of(field.annotation, tuple(field.metadata))


def fields_of(record: type[Record]) -> dict[str, FieldInfo]:
    """The fields of a record by the keys of the file."""
    return {field.alias or name: field for name, field in record.model_fields.items()}


def file_default(field: FieldInfo) -> str | int | bool | None:
    """The default of a field as the file spells it; ``None`` where it is nothing, empty, or made of other defaults."""
    default = field.get_default()
    quantity = shape_of_field(field).quantity
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    if quantity is not None and isinstance(default, float):
        return quantity.spell(default)
    return default if isinstance(default, bool | int) or (isinstance(default, str) and default) else None


def records(top: type[Record] = Inventory, where: str = "") -> Iterator[tuple[str, type[Record]]]:
    """Every place of the file where a record can stand, such as ``sites[].links[]``, with the record's class."""
    yield where, top
    for key, field in fields_of(top).items():
        shape, place = shape_of_field(field), f"{where}.{key}".lstrip(".")
        kind = get_origin(shape.base)
        inner = shape.item()
        if inner.record:
            suffix = {tuple: "[]", AbstractMapping: ".NAME"}.get(kind, "") if kind else ""
            yield from records(inner.record, place + suffix)


def shape_at(path: Path, top: type[Record] = Inventory) -> Shape:
    """The shape of the value at a path of a file; where a path leads nowhere, of the last that is known."""
    shape = Shape(top)
    for part in path:
        shape = _step(shape, part)
    return shape


def is_table_of_names(path: Path) -> bool:
    """Whether the keys at a path of the inventory are names that the user gives, as under ``credentials``."""
    return get_origin(shape_at(path).base) is AbstractMapping


def words(shape: Shape) -> str:
    """What to write, such as ``a whole number from 1 to 65535``."""
    described = next((note for note in shape.notes if isinstance(note, Described | Quantity)), None)
    text = described.words if described else _unadorned(shape)
    bounds = "" if isinstance(described, Described) else " ".join(_bounds(shape))
    return f"{text}{', ' if shape.quantity and bounds else ' ' if bounds else ''}{bounds}"


def example(shape: Shape) -> str:
    """A value in the spelling of the file, as short as it may be, such as ``{credentials: …}``."""
    if shape.quantity:
        return shape.quantity.example
    if get_origin(shape.base) is tuple:
        return f"[{example(shape.item())}]"
    if shape.record:
        fields = fields_of(shape.record)
        needed = [key for key, field in fields.items() if field.is_required()] or list(fields)[:1]
        return f"{{{', '.join(f'{key}: {example(shape_of_field(fields[key]))}' for key in needed)}}}"
    return shape.choices[0] if shape.choices else "…"


def _step(shape: Shape, part: str | int) -> Shape:
    record = shape.record
    if record is not None:
        field = fields_of(record).get(str(part))
        return shape_of_field(field) if field else shape
    return shape.item(part)


def _unadorned(shape: Shape) -> str:
    base = shape.base
    if shape.choices:
        return f"one of {', '.join(f'`{choice}`' for choice in shape.choices)}"
    if get_origin(base) is tuple:
        item = shape.item()
        return f"a list, each {'with ' if item.record else ''}{words(item)}"
    if shape.record:
        return f"keys such as {', '.join(f'`{key}`' for key in list(fields_of(shape.record))[:3])}"
    return _WORDS[base] if base in _WORDS else f"names, each with {words(shape.item())}"


def _bounds(shape: Shape) -> Iterator[str]:
    limits = {name: getattr(note, name) for note in _flat(shape.notes) for name, _ in _BOUNDS if hasattr(note, name)}
    for name, word in _BOUNDS:
        value = limits.get(name)
        # A quantity has no sign that could make it less than zero.
        if value is not None and not (value == 0 and name == "ge" and "le" not in limits and shape.quantity):
            yield "above zero" if (name, value) == ("gt", 0) else f"{word} {_spelled(value, shape.quantity)}"


def _spelled(value: float, quantity: Quantity | None) -> str:
    return quantity.spell(value) if quantity else str(value)


def _flat(notes: tuple[object, ...]) -> Iterator[object]:
    for note in notes:
        yield from note.metadata if isinstance(note, FieldInfo) else (note,)


def _is_record(base: object) -> bool:
    return isinstance(base, type) and issubclass(base, Record)
