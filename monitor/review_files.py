"""Reviews as files: each stands under its name only once it is whole."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from monitor.config.whole_file import replace_whole
from monitor.formats import file_name
from reports.registry import Format, Report


def written(report: Report, formats: Sequence[Format], language: str, folder: Path) -> Iterator[Path]:
    """Write a review in each format that can show it.

    Raises:
        OSError: A file cannot be written.
    """
    for form in formats:
        if report.scope.wards and not form.covers_city:
            continue
        file = folder / file_name(report, form, language)
        replace_whole(file, form.render(report, language), is_for_all=True)
        yield file


def check_folder(folder: Path) -> None:
    """Make a folder where it is missing, and see whether it can be written.

    Raises:
        OSError: It cannot.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass
