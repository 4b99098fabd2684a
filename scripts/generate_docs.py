"""Write the generated pages of docs/, the rules and the dashboards anew; tests compare them with the code."""

from collections.abc import Callable
from pathlib import Path

from exporters.dashboards import dashboard_files
from exporters.metrics_page import metrics_page
from exporters.rules import rule_files
from history.page import history_page
from model.state_page import states_page
from monitor.cli import main as linkward
from monitor.cli.page import commands_page
from monitor.config.page import configuration_page
from monitor.config.profile_page import profiles_page

ROOT = Path(__file__).parents[1]


def configuration() -> str:
    """The page of all keys of an inventory, with the example ward on top."""
    return configuration_page((ROOT / "examples" / "ward.yml").read_text("utf-8"))


def history() -> str:
    """The page of the history, whose reference of tables is written anew."""
    return history_page((ROOT / "docs" / "history.md").read_text("utf-8"))


PAGES: tuple[tuple[str, Callable[[], str]], ...] = (
    ("docs/configuration.md", configuration),
    ("docs/metrics.md", metrics_page),
    ("docs/profiles.md", profiles_page),
    ("docs/states.md", states_page),
    ("docs/history.md", history),
    ("docs/commands.md", lambda: commands_page(linkward)),
)


def main() -> None:
    """Write every page, the rules and the dashboards."""
    for path, page in PAGES:
        (ROOT / path).write_text(page(), "utf-8")
        print(path)
    for folder, files in (("rules", rule_files()), ("dashboards", dashboard_files())):
        for name, text in files.items():
            (ROOT / folder / name).write_text(text, "utf-8")
            print(f"{folder}/{name}")


if __name__ == "__main__":
    main()
