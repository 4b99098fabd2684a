"""What was looked at because of an incident, its sentences put into another language before it is laid out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from exporters.evidence_sentences import SAID
from exporters.pages.path_words import COURSES, ERRORS, LACKS, PATH_WORDS
from exporters.pages.tongue import Tongue
from model.attachment import Lack, path_from
from model.inventory import Language
from model.path import Course, End, Hop, Path, course_of, difference

Content = Mapping[str, object]


class English(str):
    """Text of which only English words are known."""

    __slots__ = ()


_SENTENCES: Final = frozenset({"words", "failed", "said", "detail"})


def told(content: Content, language: Language) -> dict[str, object]:
    """The same content with its sentences in a language; one of which only English is known is marked as that."""
    shown = {key: _inner(value, language) for key, value in content.items() if key != "because"}
    return shown if language == "en" else shown | dict(_sentences(content, language))


def _sentences(content: Content, language: Language) -> Iterator[tuple[str, str]]:
    for key in _SENTENCES & content.keys():
        written = content[key]
        if isinstance(written, str) and written:
            known = ERRORS[language].get(written)
            yield key, English(written) if known is None else known
    yield from _lack(content, language).items()
    if "words" in content and (path := path_from(content)) is not None:
        yield "words", compared(path_from(content.get("usual")), path, language)


def compared(usual: Path | None, now: Path, language: Language) -> str:
    """How the path now compares with the usual one, in one line."""
    words, course = PATH_WORDS[language], _course(course_of(now), language)
    if usual is None:
        return words["unknown"].format(course=course)
    unlike, before = difference(usual, now), _course(course_of(usual), language)
    moved = words["moved"].format(now=now.target, before=usual.target) if now.target != usual.target else ""
    if not unlike.new and course == before:
        return moved + words["as_usual"].format(course=course)
    another = _another(unlike.last_common, unlike.new, language)
    return moved + words["usually"].format(course=course, usual=before) + another


def _another(last: Hop | None, new: Sequence[Hop], language: Language) -> str:
    if not new:
        return ""
    words, hops = PATH_WORDS[language], ", ".join(_hop(hop, language) for hop in new)
    if last is None:
        return words["another_first"].format(hops=hops)
    return words["another"].format(last=_hop(last, language), hops=hops)


def _course(course: Course, language: Language) -> str:
    said = ""
    if course.end is End.REFUSED:
        said = course.hops[0].said or course.hops[0].note.value
        said = ERRORS[language].get(said, said)
    hops = ", ".join(_hop(hop, language, course.nearest) for hop in course.hops)
    return COURSES[language][course.end].format(length=course.length, hops=hops, said=said)


def _hop(hop: Hop, language: Language, nearest: int = 0) -> str:
    words = PATH_WORDS[language]
    place = words["place"].format(nearest=nearest, ttl=hop.ttl) if nearest and nearest != hop.ttl else str(hop.ttl)
    return words["hop"].format(address=hop.address or "*", place=place)


def _lack(content: Content, language: Language) -> dict[str, str]:
    """Why something could not be had; what a failure said besides its reason stays English."""
    match content.get("because"):
        case {"code": str(code), **values} if code in set(Lack):
            lack = Lack(code)
        case _:
            return {}
    known = {str(name): _value(str(name), value, language) for name, value in values.items()}
    try:
        words = LACKS[language][lack].format_map(known)
    except KeyError:  # an odd row of the history
        return {}
    detail = str(content.get("failed", ""))
    return {"failed": words, "detail": English(detail)} if lack is Lack.FAILED and detail else {"failed": words}


def _value(name: str, value: object, language: Language) -> str:
    if name == "seconds" and isinstance(value, int | float):
        return Tongue(language).seconds(value)
    return SAID[language].get(str(value), str(value)) if name == "reason" else str(value)


def _inner(value: object, language: Language) -> object:
    if isinstance(value, Mapping):
        return told(value, language)
    if isinstance(value, list | tuple):
        return [told(each, language) if isinstance(each, Mapping) else each for each in value]
    return value
