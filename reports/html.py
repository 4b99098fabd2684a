"""A review as one web page that stands alone: its style and its pictures are in it, and it asks for nothing else."""

from importlib.resources import files

from markupsafe import Markup

from reports.document import document_of
from reports.document.blocks import (
    Block,
    Cell,
    Document,
    Figure,
    Heading,
    Kind,
    Letterhead,
    Paragraph,
    Points,
    Section,
    Table,
)
from reports.monthly import CityReport, MonthlyReport

_LEFT = frozenset({Kind.TEXT, Kind.SENTENCE, Kind.WORD, Kind.OUTCOME})


def to_html(report: MonthlyReport | CityReport, language: str) -> bytes:
    """The review as a web page.

    Raises:
        InvalidValueError: It is not written in that language.
    """
    document = document_of(report, language)
    style = Markup((files("reports") / "review.css").read_text(encoding="utf-8"))  # noqa: S704  # a file of the program
    page = Markup(
        '<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        "<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    ).format(language=document.language, title=document.title, style=style, body=_body(document))
    return page.encode()


def _body(document: Document) -> Markup:
    parts = [_section(part) for part in (*document.sections, *document.annexes)]
    first, rest = parts[0], Markup("\n").join(parts[1:])
    return Markup("\n").join((
        _head(document.head),
        Markup("<main>"),
        first,
        _contents(document),
        rest,
        Markup("</main>"),
        _foot(document),
    ))


def _head(head: Letterhead) -> Markup:
    periods = Markup("").join(Markup("<p>{}</p>").format(one) for one in head.period)
    return Markup(
        '<header>\n<div class="letter"><p>{superior}<br><strong>{agency}</strong></p>'
        "<p><strong>{nation}</strong><br><strong>{motto}</strong></p></div>\n"
        '<h1>{kind}<span>{subject}</span></h1>\n<div class="period">{periods}</div>\n</header>'
    ).format(
        superior=head.superior,
        agency=head.agency,
        nation=head.nation,
        motto=head.motto,
        kind=head.kind,
        subject=head.subject,
        periods=periods,
    )


def _contents(document: Document) -> Markup:
    links = Markup("").join(
        Markup('<li><a href="#{}">{}</a></li>').format(part.id, part.title)
        for part in (*document.sections, *document.annexes)
    )
    return Markup('<nav aria-labelledby="contents"><h2 id="contents">{}</h2><ul>{}</ul></nav>').format(
        document.labels["contents"], links
    )


def _foot(document: Document) -> Markup:
    lines = Markup("<br>\n").join(document.provenance)
    return Markup("<footer><h2>{}</h2><p>{}</p></footer>").format(document.labels["origin"], lines)


def _section(section: Section) -> Markup:
    blocks = Markup("\n").join(_block(one) for one in section.blocks)
    return Markup(
        '<section id="{id}" aria-labelledby="{id}-title">\n<h2 id="{id}-title">{title}</h2>\n{blocks}\n</section>'
    ).format(id=section.id, title=section.title, blocks=blocks)


def _block(block: Block) -> Markup:
    match block:
        case Paragraph(text, is_finding):
            return Markup("<p{}>{}</p>").format(Markup(' class="finding"') if is_finding else "", text)
        case Points(items, are_numbered):
            return _list(items, "ol" if are_numbered else "ul")
        case Heading(text):
            return Markup("<h3>{}</h3>").format(text)
        case Figure():
            return _figure(block)
        case Table():
            return _table(block)


def _list(items: tuple[str, ...], tag: str) -> Markup:
    lines = Markup("").join(Markup("<li>{}</li>").format(item) for item in items)
    return Markup("<{tag}>{lines}</{tag}>").format(tag=tag, lines=lines)


def _figure(figure: Figure) -> Markup:
    """The picture as an image for whoever does not see it: its parts are not read out."""
    svg = Markup(figure.svg)  # noqa: S704  # the writer of pictures escapes all words
    return Markup(
        '<figure id="{id}">\n<div role="img" aria-label="{alternative}">{svg}</div>\n'
        "<figcaption>{caption}</figcaption>\n</figure>"
    ).format(id=figure.id, alternative=figure.alternative, svg=svg, caption=figure.caption)


def _table(table: Table) -> Markup:
    """A table that can be moved sideways where the page is narrow, also by keyboard."""
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_side(column.kind), column.title) for column in table.columns
    )
    rows = Markup("\n").join(_row(row) for row in table.rows)
    note = Markup('<p class="note">{}</p>').format(table.note) if table.note else ""
    return Markup(
        '<div class="table{wide}" role="region" tabindex="0" aria-labelledby="table-{id}">\n<table>\n'
        '<caption id="table-{id}">{caption}</caption>\n<thead><tr>{head}</tr></thead>\n'
        "<tbody>\n{rows}\n</tbody>\n</table>\n</div>{note}"
    ).format(wide=" wide" if table.is_wide else "", id=table.id, caption=table.caption, head=head, rows=rows, note=note)


def _row(row: tuple[Cell, ...]) -> Markup:
    first, *rest = row
    named = Markup('<th scope="row">{}</th>').format(first.text)
    return Markup("<tr>{}{}</tr>").format(named, Markup("").join(_cell(one) for one in rest))


def _cell(cell: Cell) -> Markup:
    mark = Markup(' class="{}"').format(cell.mark.value) if cell.mark else _side(cell.kind)
    return Markup("<td{}>{}</td>").format(mark, cell.text)


def _side(kind: Kind) -> Markup:
    return Markup("") if kind in _LEFT else Markup(' class="n"')
