"""The outage of a provider, whose links at several sites fail together; decided as the daemon decides it."""

from typing import Final

from exporters.rules.rule import RecordingRule
from exporters.rules.verdicts import LINK_DOWN, ONLY_WARD, lasting, plain

OUTAGE: Final = "provider:linkward_link_state:outage"
IN_OUTAGE: Final = "link:linkward_link_state:in_outage"
SITE_IN_OUTAGE: Final = "site:linkward_link_state:in_outage"
_FEWEST: Final = "provider:linkward_link_info:fewest_sites"
_TOGETHER: Final = "provider:linkward_link_state:together"

# Three, since two may be chance; two, where the provider serves only two.
_FEWEST_SITES: Final = """
    clamp(
      count by (job, instance, provider) (
        count by (job, instance, provider, site) (linkward_link_info{provider!=""})
      ),
      2, 3
    )
"""
# What begins within half a minute has one cause.
_SITES_TOGETHER: Final = f"""
    count by (job, instance, provider) (
      count by (job, instance, provider, site) (
        {LINK_DOWN}{{provider!=""}} unless {LINK_DOWN} offset 30s
      )
    ) >= on (job, instance, provider) {_FEWEST}
"""
_BEGINS: Final = f"""
    max by (job, instance, ward, provider) (
      {_TOGETHER} * on (job, instance) group_left (ward) {ONLY_WARD}
      or on (job, instance, provider)
      {_TOGETHER}
    ) > bool 0
"""
_STILL_OUT: Final = f"""
    {OUTAGE}
      and on (job, instance, provider) (
        count by (job, instance, provider) (
          count by (job, instance, provider, site) (
            {IN_OUTAGE} and on (job, instance, site, link) {LINK_DOWN}
          )
        ) >= on (job, instance, provider) {_FEWEST}
      )
"""
# A link that was told of before the outage goes on being told of: nobody shall read that it is mended.
_MEMBERS: Final = f"""
    (
      ({LINK_DOWN} unless {LINK_DOWN} offset 30s)
      or ({LINK_DOWN} and on (job, instance, site, link) {IN_OUTAGE})
    ) and on (job, instance, provider) {OUTAGE}
"""
_SITES: Final = f"""
    count by (job, instance, site) ({IN_OUTAGE})
      unless on (job, instance, site) ({LINK_DOWN} unless on (job, instance, site, link) {IN_OUTAGE})
"""

OUTAGES: Final[tuple[RecordingRule, ...]] = (
    plain(_FEWEST, _FEWEST_SITES),
    plain(_TOGETHER, _SITES_TOGETHER),
    lasting(OUTAGE, _BEGINS, _STILL_OUT),
    plain(IN_OUTAGE, _MEMBERS),
    plain(SITE_IN_OUTAGE, _SITES),
)
