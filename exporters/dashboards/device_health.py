"""The row of a device's board that shows how it is: processor, memory, heat, light, battery."""

from typing import Final

from exporters.dashboards.mappings import YES_IS_BAD
from exporters.dashboards.parts import Query, Row, graph, timeline
from exporters.dashboards.text import Text

_IT: Final = 'device=~"$device"'


def _each(metric: str, what: str = "") -> Query:
    return Query(f"max by (part) ({metric}{{{_IT}}})", f"{{{{part}}}} {what}".rstrip())


HEALTH: Final = Row(
    Text("How it is", "Tình trạng thiết bị"),
    (
        timeline(
            Text("Unwell", "Bất thường"),
            Text(
                "Symptoms by which an alert is told: linkward_device_unhealthy.",
                "Các dấu hiệu dẫn đến cảnh báo: linkward_device_unhealthy.",
            ),
            Query(f"max by (symptom) (linkward_device_unhealthy{{{_IT}}})", "{{symptom}}"),
            mappings=YES_IS_BAD,
            height=5,
        ),
        graph(
            Text("Processor", "Bộ xử lý"),
            Text("Share that is in use: linkward_device_cpu_ratio.", "Tỷ lệ đang dùng: linkward_device_cpu_ratio."),
            _each("linkward_device_cpu_ratio"),
            unit="percentunit",
            width=8,
        ),
        graph(
            Text("Memory and disks", "Bộ nhớ và ổ đĩa"),
            Text(
                "Share that is in use, without buffers and caches where the device tells them apart.",
                "Tỷ lệ đang dùng, không tính bộ đệm nếu thiết bị cho biết.",
            ),
            _each("linkward_device_memory_used_ratio"),
            _each("linkward_device_storage_used_ratio"),
            unit="percentunit",
            width=8,
        ),
        graph(
            Text("Temperature", "Nhiệt độ"),
            Text(
                "Of each part that tells it, optical modules among them.",
                "Của từng bộ phận có cảm biến, kể cả mô-đun quang.",
            ),
            _each("linkward_device_temperature_celsius"),
            _each("linkward_device_optical_temperature_celsius", "sfp"),
            unit="celsius",
            width=8,
        ),
        graph(
            Text("Light received and sent", "Công suất quang nhận và phát"),
            Text(
                "Of each optical port, with the least that the module needs where it tells that. The nearer to that "
                "line, the sooner it fails.",
                "Của từng cổng quang, cùng mức tối thiểu nếu mô-đun cho biết. Càng gần mức đó càng dễ mất kết nối.",
            ),
            _each("linkward_device_optical_receive_dbm", "rx"),
            _each("linkward_device_optical_transmit_dbm", "tx"),
            _each("linkward_device_optical_receive_low_dbm", "min"),
            unit="dBm",
            width=12,
            is_signed=True,
        ),
        graph(
            Text("Battery", "Ắc quy"),
            Text("Charge and load of a UPS.", "Mức sạc và tải của bộ lưu điện."),
            _each("linkward_device_ups_charge_ratio", "charge"),
            _each("linkward_device_ups_load_ratio", "load"),
            unit="percentunit",
            width=12,
        ),
    ),
)
