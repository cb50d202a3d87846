"""The columns of a plot as CSV and JSON: numbers that read back, nothing where there is none."""

import csv
import json
from io import StringIO

from adcalc.api import function
from adcalc.api.curves.plots import plot
from adcalc.render import json as json_format
from adcalc.render.columns import columns, table


def test_csv_reads_back():
    found = plot(function("sqrt(x)*abs(x - 1)"), "x", -1, 3, samples=9)
    rows = list(csv.DictReader(StringIO(table(found))))
    assert list(rows[0]) == ["x", "f", "df_dx", "error"]
    for row, sample in zip(rows, found.samples, strict=True):
        read = [float(row[name]) if row[name] else None for name in ("x", "f", "df_dx")]
        assert read == [sample.at, sample.value, sample.slope]
        assert row["error"] == sample.problem
        assert bool(row["error"]) == (None in read)


def test_a_variable_with_the_name_of_a_column_has_quotes():
    for name in ("f", "at", "mode", "places", "expression", "error"):
        found = plot(function(f"{name}^2"), name, 0, 1, samples=2)
        assert list(columns(found)) == [f"`{name}`", "f", f"df_d{name}"]
        record = json.loads(json_format.plot(found))
        assert record[f"`{name}`"] == [0, 1]
        assert record["f"] == [0, 1]
        assert record["expression"] == f"{name}^2"


def test_json_says_what_is_missing():
    record = json.loads(json_format.plot(plot(function("a/x"), "x", -1, 1, {"a": 2}, samples=3)))
    assert list(record) == ["expression", "at", "mode", "x", "f", "df_dx", "places"]
    assert record["at"] == {"x": [-1, 1], "a": 2}
    assert record["f"] == [-2, None, 2]
    assert record["df_dx"] == [-2, None, -2]
    (place,) = record["places"]
    assert (place["what"], place["from"], place["to"], place["kind"]) == ("no value", 0, 0, "domain")
