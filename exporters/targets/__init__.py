"""One target at a time, as blackbox_exporter and snmp_exporter are asked: ``/probe``, ``/snmp`` and ``/sd``."""
