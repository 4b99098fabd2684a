"""The help of blackbox_exporter and snmp_exporter, word by word.

``/metrics`` explains the same names for itself; here they stand beside those of the exporters, and Prometheus shows a
name with one help.
"""

from collections.abc import Mapping
from typing import Final

HELP: Final[Mapping[str, str]] = {
    "probe_success": "Displays whether or not the probe was a success",
    "probe_duration_seconds": "Returns how long the probe took to complete in seconds",
    "probe_timeout_seconds": "Returns how long the probe timeout is in seconds",
    "probe_ip_protocol": "Specifies whether probe ip protocol is IP4 or IP6",
    "probe_ip_addr_hash": "Specifies the hash of IP address. It's useful to detect if the IP address changes.",
    "probe_dns_lookup_time_seconds": "Returns the time taken for probe dns lookup in seconds",
    "probe_icmp_duration_seconds": "Duration of icmp request by phase",
    "probe_icmp_reply_hop_limit": "Replied packet hop limit (TTL for ipv4)",
    "probe_http_duration_seconds": "Duration of http request by phase, summed over all redirects",
    "probe_http_status_code": "Response HTTP status code",
    "probe_http_content_length": "Length of http content response",
    "probe_http_uncompressed_body_length": "Length of uncompressed response body",
    "probe_http_redirects": "The number of redirects",
    "probe_http_ssl": "Indicates if SSL was used for the final redirect",
    "probe_http_version": "Returns the version of HTTP of the probe response",
    "probe_http_last_modified_timestamp_seconds": "Returns the Last-Modified HTTP response header in unixtime",
    "probe_failed_due_to_regex": "Indicates if probe failed due to regex",
    "probe_ssl_earliest_cert_expiry": "Returns last SSL chain expiry in unixtime",
    "probe_ssl_last_chain_expiry_timestamp_seconds": "Returns last SSL chain expiry in timestamp",
    "probe_ssl_last_chain_info": "Contains SSL leaf certificate information",
    "probe_tls_version_info": "Returns the TLS version used or NaN when unknown",
    "probe_tls_cipher_info": "Returns the TLS cipher negotiated during handshake",
    "probe_dns_duration_seconds": "Duration of DNS request by phase",
    "probe_dns_query_succeeded": "Displays whether or not the query was executed successfully",
    "probe_dns_answer_rrs": "Returns number of entries in the answer resource record list",
    "probe_dns_authority_rrs": "Returns number of entries in the authority resource record list",
    "probe_dns_additional_rrs": "Returns number of entries in the additional resource record list",
    "probe_dns_serial": "Returns the serial number of the zone",
    "snmp_scrape_duration_seconds": "Total SNMP time scrape took (walk and processing).",
    "snmp_scrape_walk_duration_seconds": "Time SNMP walk/bulkwalk took.",
    "snmp_scrape_pdus_returned": "PDUs returned from get, bulkget, and walk.",
    "snmp_scrape_packets_sent": "Packets sent for get, bulkget, and walk; including retries.",
    "snmp_scrape_packets_retried": "Packets retried for get, bulkget, and walk.",
}
