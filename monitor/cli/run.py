"""``linkward run``: the daemon on your own inventory."""

from pathlib import Path

import click
import uvloop

from exporters.server import ListenError
from history.errors import HistoryError
from model.inventory import Inventory
from monitor.cli.console import Refusal
from monitor.config import ConfigError, load
from monitor.daemon import Daemon, Options
from monitor.logs import LogFormat, set_up

listen_option = click.option(
    "--web.listen-address",
    "listen_address",
    default="127.0.0.1:9841",
    show_default=True,
    metavar="HOST:PORT",
    help="Where metrics, pages and the API are served.",
)
web_config_option = click.option(
    "--web.config.file",
    "web_config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="TLS, passwords, headers: in the format of Prometheus' exporters.",
)
access_log_option = click.option(
    "--web.access-log", "access_log", is_flag=True, help="Log each request; values that may be secret are left out."
)
level_option = click.option(
    "--log.level",
    "level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="info",
    show_default=True,
    help="How much is logged.",
)
format_option = click.option(
    "--log.format", "log_format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How."
)


@click.command()
@click.option(
    "--config.file", "config", type=click.Path(path_type=Path), required=True, help="The inventory: a file or a folder."
)
@listen_option
@web_config_option
@access_log_option
@click.option(
    "--storage.url", "storage_url", metavar="URL", help="Where history is kept; default: what the inventory says."
)
@level_option
@format_option
def run(
    config: Path,
    listen_address: str,
    web_config: Path | None,
    access_log: bool,
    storage_url: str | None,
    level: str,
    log_format: LogFormat,
) -> None:
    """Watch what an inventory holds, until SIGTERM or SIGINT; SIGHUP reads the inventory anew.

    \b
    Example:
      linkward run --config.file=examples/ward.yml
    """
    set_up(level, log_format, access=access_log)
    try:
        inventory = load(config)
        uvloop.run(_serve(Options(config, listen_address, storage_url, web_config), inventory))
    except ConfigError as error:
        raise Refusal(str(error)) from error
    except ListenError as error:
        raise Refusal(error.strerror or str(error)) from error
    except HistoryError as error:
        raise Refusal(str(error)) from error


async def _serve(options: Options, inventory: Inventory) -> None:
    daemon = Daemon(options, inventory)
    await daemon.run(lambda: click.echo(f"Linkward: {daemon.web.url}", err=True))
