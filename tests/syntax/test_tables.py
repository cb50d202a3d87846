"""The parser's tables are those that Lark makes of the grammar, on every run the same."""

import os
import re
import subprocess
import sys

import pytest

from adcalc.syntax import generate, notation, tables


def saved():
    with open(tables.__file__, encoding="utf-8") as file:
        return file.read()


def test_the_tables_are_those_of_the_grammar():
    assert generate.tables() == saved()


@pytest.mark.parametrize("seed", ["1", "4242"])
def test_the_tables_do_not_depend_on_the_order_of_hashes(seed):
    code = "import sys; from adcalc.syntax.generate import tables; sys.stdout.buffer.write(tables().encode())"
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    made = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert made.stdout.decode() == saved()


def test_every_start_has_its_states():
    assert set(tables.STARTS) == set(tables.ENDS) == set(generate.STARTS)


def test_every_action_of_the_grammar_is_known_to_the_parser():
    from adcalc.syntax.parser import _NOTHING, _SHAPES

    aliases = set(re.findall(r"->\s*(\w+)", notation.read("adcalc.lark")))
    silent = {action for _, _, kind, action in _SHAPES if kind == _NOTHING and action}
    assert aliases & silent == {"group", "pos"}
