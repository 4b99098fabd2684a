"""SNMP: engines behind one small protocol, the table of columns, the poll of one device."""
