"""The configurations with which Prometheus scrapes the daemon: all at once, or one target at a time."""

from collections.abc import Mapping
from typing import Final, Literal

Style = Literal["metrics", "targets"]

FILES: Final[Mapping[Style, str]] = {"metrics": "prometheus.yml", "targets": "prometheus-sd.yml"}
"""By style, the name of the file; both lie at the top of this project, written with the address of a fresh daemon."""

ADDRESS: Final = "127.0.0.1:9841"
"""Where a daemon listens unless it is told otherwise."""

_COMMON: Final = """\
global:
  scrape_interval: 15s
  evaluation_interval: 15s

# Written by `linkward export rules`. Loaded, they show in Prometheus what is wrong; nobody is told of it before
# `alerting` names an Alertmanager. See docs/prometheus.md.
rule_files:
  - rules/*.yml

# Only for an inventory with `alerts: {via: prometheus}`: otherwise people are told of everything twice.
# alerting:
#   alertmanagers:
#     - static_configs:
#         - targets: ["127.0.0.1:9093"]

scrape_configs:
  - job_name: linkward
    # The daemon speaks for many targets, each with its own `instance` and `site`. Without honor_labels Prometheus
    # would rename them to exported_instance, and no public dashboard would find them.
    honor_labels: true
    static_configs:
      - targets: ["@"]
"""

_METRICS: Final = """\
# Prometheus for Linkward. It works as it is against `make run`: prometheus --config.file=prometheus.yml
# The daemon listens on 127.0.0.1:9841 unless --web.listen-address says otherwise.
"""

_TARGETS: Final = """\
# Prometheus for Linkward, one target at a time, as with blackbox_exporter and snmp_exporter: job, instance, path and
# parameters are as their users know them, and up is 0 for a device that does not answer. Each scrape is a fresh probe
# beside the daemon's own. prometheus.yml is the other way: all at once, of what the daemon has measured anyhow.
"""

_JOBS: Final = """\
    # What the jobs below bring is not wanted twice. The certificates stay, for the shipped rules read them here; so do
    # the anchors, which only the daemon probes.
    metric_relabel_configs:
      - source_labels: [__name__, anchor]
        regex: probe_(success|duration_.+|timeout_.+|ip_.+|dns_.+|icmp_.+|http_.+|failed_.+|tls_.+|ssl_last_.+);
        action: drop
      - source_labels: [__name__]
        regex: if[A-Z].+|sys[A-Z].+|snmp_scrape_.+
        action: drop

  - job_name: linkward-probe
    http_sd_configs:
      - url: http://@/sd
    relabel_configs:
      # The list says path and module of each target, and of which link, device or service it is.
      - source_labels: [__metrics_path__]
        regex: /probe
        action: keep
      - source_labels: [__address__]
        target_label: __param_target
      - source_labels: [__param_target]
        target_label: instance
      - target_label: __address__
        replacement: "@"

  - job_name: linkward-snmp
    scrape_interval: 60s
    scrape_timeout: 30s
    http_sd_configs:
      - url: http://@/sd?kind=devices
    relabel_configs:
      - source_labels: [__metrics_path__]
        regex: /snmp
        action: keep
      - source_labels: [__address__]
        target_label: __param_target
      - source_labels: [__param_target]
        target_label: instance
      # The system group too, for the name and the age of a device.
      - target_label: __param_module
        replacement: if_mib,system
      - target_label: __address__
        replacement: "@"
"""


def scrape_config(style: Style, address: str = ADDRESS) -> str:
    """One configuration, as YAML.

    Args:
        style: ``metrics`` for one scrape of all, ``targets`` for one of each target that the inventory holds.
        address: Host and port at which Prometheus reaches the daemon.
    """
    text = f"{_METRICS}{_COMMON}" if style == "metrics" else f"{_TARGETS}{_COMMON}{_JOBS}"
    return text.replace("@", address)


def scrape_config_files(address: str = ADDRESS) -> Mapping[str, str]:
    """Both, by the name of their file."""
    return {name: scrape_config(style, address) for style, name in FILES.items()}
