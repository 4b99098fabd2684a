"""The phrases about unwell devices and ports in English."""

from collections.abc import Mapping
from typing import Final

DEVICES: Final[Mapping[str, str]] = {
    "opened.DeviceUnhealthy.temperature": "{what} is too hot",
    "opened.DeviceUnhealthy.fan": "A fan of {what} does not turn",
    "opened.DeviceUnhealthy.power_supply": "A power supply of {what} gives no power",
    "opened.DeviceUnhealthy.system": "{what} reports that it is faulty",
    "opened.DeviceUnhealthy.storage": "A disk of {what} is faulty",
    "opened.DeviceUnhealthy.storage_full": "A disk of {what} is nearly full",
    "opened.DeviceUnhealthy.cpu": "The processor of {what} is fully busy",
    "opened.DeviceUnhealthy.memory": "The memory of {what} is nearly used up",
    "opened.DeviceUnhealthy.optical": "The light that {what} receives is too weak",
    "opened.DeviceUnhealthy.on_battery": "{what} feeds from its battery, the mains are out",
    "opened.DeviceUnhealthy.battery_low": "The battery of {what} will be empty in a few minutes",
    "opened.DeviceUnhealthy.battery": "The battery of {what} is worn out or faulty",
    "opened.DeviceUnhealthy.poe": "{what} can no longer feed devices over their network cables",
    "opened.DeviceUnhealthy.bgp": "{what} has lost a routing session with its neighbour",
    "opened.InterfaceSpeedReduced.duplex": "A port of {what} sends and receives by turns (half duplex)",
    "over.DeviceUnhealthy.temperature": "{what} is no longer too hot",
    "over.DeviceUnhealthy.fan": "All fans of {what} turn again",
    "over.DeviceUnhealthy.power_supply": "All power supplies of {what} give power again",
    "over.DeviceUnhealthy.system": "{what} reports no fault any more",
    "over.DeviceUnhealthy.storage": "The disks of {what} are sound again",
    "over.DeviceUnhealthy.storage_full": "The disks of {what} have room again",
    "over.DeviceUnhealthy.cpu": "The processor of {what} has room again",
    "over.DeviceUnhealthy.memory": "{what} has free memory again",
    "over.DeviceUnhealthy.optical": "The light that {what} receives is strong enough again",
    "over.DeviceUnhealthy.on_battery": "{what} feeds from the mains again",
    "over.DeviceUnhealthy.battery_low": "The battery of {what} is no longer about to be empty",
    "over.DeviceUnhealthy.battery": "The battery of {what} is sound again",
    "over.DeviceUnhealthy.poe": "{what} feeds devices over their network cables again",
    "over.DeviceUnhealthy.bgp": "The routing session of {what} is established again",
    "over.InterfaceSpeedReduced.duplex": "The port of {what} sends and receives at once again",
    "step.DeviceUnhealthy.temperature": "See whether its fan turns and its vents are free of dust, and whether the "
    "room is cooled; tell the technician.",
    "step.DeviceUnhealthy.fan": "Look at the fan and clean it; if it stands still, have it replaced before the device "
    "gets hot.",
    "step.DeviceUnhealthy.power_supply": "See whether its cable is plugged in and its lamp is on; if so, have the "
    "power supply replaced.",
    "step.DeviceUnhealthy.system": "Open its own management page and read which fault it reports; tell the technician.",
    "step.DeviceUnhealthy.storage": "Do not switch it off and pull no disk out. Call the technician to replace the "
    "faulty disk.",
    "step.DeviceUnhealthy.storage_full": "Delete what is not needed any more, or move it elsewhere.",
    "step.DeviceUnhealthy.cpu": "See whether somebody moves a lot of data or there is a loop in the cabling; tell the "
    "technician.",
    "step.DeviceUnhealthy.memory": "Plan a restart outside service hours, and tell the technician.",
    "step.DeviceUnhealthy.optical": "See that the fibre is not bent or pinched and its plug is in; do not look into "
    "it. If it is, call whoever runs the fibre.",
    "step.DeviceUnhealthy.on_battery": "Ask at the site whether the power is out, and switch off what is not needed.",
    "step.DeviceUnhealthy.battery_low": "Shut down servers properly now; what hangs on this battery is about to go "
    "off.",
    "step.DeviceUnhealthy.battery": "Have the battery replaced: in a power cut it would not last.",
    "step.DeviceUnhealthy.poe": "See which cameras, telephones and access points have gone off; unplug what was "
    "plugged in last.",
    "step.DeviceUnhealthy.bgp": "Call the provider or the technician who runs the router at the other end.",
    "step.InterfaceSpeedReduced.duplex": "Set both ends of that cable to negotiate by themselves, and replace the "
    "cable.",
    "brief.DeviceUnhealthy.temperature": "Too hot: fan, dust, room",
    "brief.DeviceUnhealthy.fan": "Fan stands still",
    "brief.DeviceUnhealthy.power_supply": "Power supply: see cable",
    "brief.DeviceUnhealthy.system": "See its own page",
    "brief.DeviceUnhealthy.storage": "Disk fault: call technician",
    "brief.DeviceUnhealthy.storage_full": "Disk nearly full",
    "brief.DeviceUnhealthy.cpu": "Processor fully busy",
    "brief.DeviceUnhealthy.memory": "Memory nearly used up",
    "brief.DeviceUnhealthy.optical": "Weak light: see fibre",
    "brief.DeviceUnhealthy.on_battery": "Power out, on battery",
    "brief.DeviceUnhealthy.battery_low": "Battery almost empty",
    "brief.DeviceUnhealthy.battery": "Replace UPS battery",
    "brief.DeviceUnhealthy.poe": "PoE fault",
    "brief.DeviceUnhealthy.bgp": "BGP session lost",
    "brief.InterfaceSpeedReduced.duplex": "Half duplex: see both ends",
}
