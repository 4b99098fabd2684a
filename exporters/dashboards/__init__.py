"""Dashboards for Grafana, made from the names of the table of metrics; ``docs/grafana.md`` says how to use them."""

from exporters.dashboards.files import dashboard_files

__all__ = ["dashboard_files"]
