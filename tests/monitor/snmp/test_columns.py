"""The table of columns is the one of IF-MIB."""

from monitor.snmp.columns import COLUMNS, Syntax


def test_names_and_oids_are_distinct() -> None:
    """No column is read twice."""
    assert len({column.name for column in COLUMNS}) == len({column.oid for column in COLUMNS}) == len(COLUMNS)


def test_counters_are_exported_as_counters() -> None:
    """What only grows is a counter for Prometheus, everything else a gauge."""
    for column in COLUMNS:
        assert (column.exported == "counter") == (column.syntax in {Syntax.COUNTER32, Syntax.COUNTER64})


def test_what_stands_in_is_narrower() -> None:
    """A 32-bit counter is read only where its 64-bit one is not, and never instead of anything else."""
    by_name = {column.name: column for column in COLUMNS}
    for column in COLUMNS:
        if column.stands_in_for:
            assert column.syntax is Syntax.COUNTER32
            assert by_name[column.stands_in_for].syntax is Syntax.COUNTER64


def test_64_bit_columns_are_in_the_table_that_old_agents_lack() -> None:
    """Counter64 came with ifXTable."""
    assert all(column.table == "ifXTable" for column in COLUMNS if column.syntax is Syntax.COUNTER64)
