"""Tables of numbers as text, as people and programs write them; Python's csv module reads them too."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcalc.errors import FileError
from adcalc.tables.csv import table


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,2\n3,4\n", [[1, 2], [3, 4]]),
        ("1,2\n3,4", [[1, 2], [3, 4]]),
        ("1,2\r\n3,4\r\n", [[1, 2], [3, 4]]),
        ("a,b\n1,2\n3,4\n", [[1, 2], [3, 4]]),
        ('"a","b, c"\n"1","2"\n"3","4"\n', [[1, 2], [3, 4]]),
        ("flow rate;x\n1;2\n3;4\n", [[1, 2], [3, 4]]),
        ("1\t2\n3\t4\n", [[1, 2], [3, 4]]),
        ("1 2\n3   4\n", [[1, 2], [3, 4]]),
        ("  1, 2\n 3 ,4  \n", [[1, 2], [3, 4]]),
        ("# made by numpy\n1,2\n\n3,4  # last\n\n", [[1, 2], [3, 4]]),
        ("# a,b\n1,2\n3,4\n", [[1, 2], [3, 4]]),
        ("1,2,\n3,4,\n", [[1, 2], [3, 4]]),
        ("1\n2\n", [1, 2]),
        ("x\n1\n2\n", [1, 2]),
        ("1,2\n", [1, 2]),
        ("a,b\n1,2\n", [1, 2]),
        ("5\n", 5),
        ("x\n5\n", 5),
        ("1e-3,+2.5E2\n-.5,-0\n", [[0.001, 250], [-0.5, 0]]),
    ],
)
def test_tables(text, expected):
    found = table(text, "w.csv")
    assert found.dtype == float
    assert found.tolist() == np.array(expected, dtype=float).tolist()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no numbers"),
        ("\n \n# nothing\n", "holds no numbers"),
        ("a,b\n", "holds no numbers"),
        ("1,2\n3\n", "2 columns in line 1 and 1 in line 2"),
        ("a,b\n1,2\n2,3,4\n", "2 columns in line 2 and 3 in line 3"),
        ("a\n1\n2,3\n", "line 3, column 1: '2,3' is no number"),
        ("1,2\n3,\n", "line 2, column 2 is empty"),
        ("a,b\n1,2\n\n3,x\n", "line 4, column 2: 'x' is no number"),
        ("a,b\nc,d\n1,2\n", "line 2, column 1: 'c' is no number"),
        ("1,2+3j\n1,1\n", "'2\\+3j' is no number"),
        ("1_000,2\n1,1\n", "'1_000' is no number"),
        ("5.1,3.5,setosa\n4.9,3.0,setosa\n", "line 1, column 3: 'setosa' is no number"),
    ],
)
def test_what_is_no_table_of_numbers_is_refused(text, words):
    with pytest.raises(FileError, match=words):
        table(text, "w.csv")


def test_decimal_commas_are_named():
    with pytest.raises(FileError) as refused:
        table("1,5;2\n3;4\n", "w.csv")
    assert refused.value.hint == "decimals are written with a point: 1.5"


FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@settings(deadline=None, derandomize=True)
@given(
    st.integers(2, 4).flatmap(lambda width: st.lists(st.lists(FLOATS, min_size=width, max_size=width), min_size=2)),
    st.sampled_from([",", ";", "\t"]),
    st.booleans(),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_the_csv_module_writes_reads_back_exactly(rows, delimiter, has_header, quoting):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting)
    if has_header:
        writer.writerow([f"column {number}" for number in range(len(rows[0]))])
    writer.writerows([[repr(number) for number in row] for row in rows])
    assert table(text.getvalue(), "w.csv").tolist() == rows
