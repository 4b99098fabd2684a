"""English."""

from typing import Final

EN: Final = {
    "unresolved": "{address}: there is no device of this name: write its address, such as 10.20.0.1",
    "no_credentials": "{file}: no access is known to any device: write one under `credentials`, such as"
    " `v2: {{version: 2c, community: …}}`",
    "closed": "{address} is on, but its SNMP is off (UDP port {port} is closed): switch SNMP on in the device's"
    " settings",
    "no_way": "there is no way to {address}: compare the address, look whether the cable or the VPN is in place",
    "nothing_there": "nothing answers at {address}, not even to a ping: is it on? Is the address right?",
    "silent": "{address} is on, but does not answer to SNMP. One of three: SNMP is off there; the community is another;"
    " or only other machines may ask: permit {source} in the device's SNMP settings",
    "silent_no_ping": "{address} does not answer to SNMP, and whether it is on cannot be told from here: switch SNMP on"
    " there, compare the community, and permit {source} in its SNMP settings",
    "wrong_community": "{address} has SNMP on, but takes none of these communities: compare them with the device's, or"
    " permit {source} there. It also speaks SNMPv3, so a user would do too",
    "none_taken": "{address} answers, but takes none of the known credentials",
    "try_silent": "no answer",
    "try_closed": "the port is closed",
    "try_no_way": "no way to it",
    "try_unresolved": "no such name",
    "try_not_snmp": "what answers there does not speak SNMP: is {port} the right port?",
    "try_not_possible": "cannot be tried: {detail}",
    "try_user": "the device does not know this user: create it there, or correct `user`",
    "try_level": "the device does not let this user in like this: compare whether it wants `auth` and `privacy`",
    "try_key": "the user is right, its password is not: compare `auth` and `auth_passphrase` with the device's",
    "try_privacy": "the user and its password are right, the second one is not: compare `privacy` and"
    " `privacy_passphrase` with the device's",
    "try_time": "the device's own clock for SNMP has run out: restart the device, or renew its SNMP engine",
    "try_nothing_shown": "lets us in but shows nothing: give this access the right to read everything (view, MIB-2)",
    "try_skipped": "not tried, so that the device does not lock us out",
    "try_refused": "refused: {detail}",
    "found": "{address} takes the credentials `{credentials}`",
    "is_a": "it is {what}",
    "there_already": "{address} is in the inventory already, as `{id}`",
    "role": "it is for: {role}",
    "site": "it belongs to the site `{site}` ({why})",
    "which_site": "which site does {address} belong to? Say it with --site=ID, one of {sites}",
    "no_site": "{file}: there is no site to add it to: add one under `sites`, or with `linkward import`",
    "parent": "it hangs on `{parent}` ({why})",
    "no_parent": "what it hangs on is not told by its neighbours: add `depends_on` by hand, if it hangs on something",
    "uplink": "its way up is the port {port} ({why})",
    "uplink_of_link": "the link `{link}` gets this port as its `interface`",
    "uplink_by_hand": "if that is the port of a line, write `interface: {interface}` to its link",
    "line_added": "the line of {provider} is added with it: please compare what is probed",
    "trying": "trying `{credentials}` …",
    "question": "Write this?",
    "kept": "nothing was written",
    "written": "written: {file}",
    "reload": "have the running daemon read it: `kill -HUP` its process, or `curl -X POST"
    " http://127.0.0.1:9841/-/reload`",
    "why_route": "its default route leaves there, to {evidence}",
    "why_station": "behind it lies {evidence}",
    "why_neighbour": "{evidence}",
    "why_name": "by its name",
    "why_traffic": "it carries the most: please compare",
    "why_gateway": "its next hop is {evidence}",
    "why_only": "there is no other",
    "why_network": "others of its network are there",
    "why_location": "the device says so",
    "why_parent": "`{evidence}` is there",
    "why_given": "as you said",
}
