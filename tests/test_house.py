"""The house's own rules: nothing recurses, everything public is described, and a command loads what it needs."""

import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

import adcalc

PACKAGE = Path(adcalc.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
GENERATED = {PACKAGE / "syntax" / "tables.py"}
LONGEST = 320


def name_of(path):
    return path.relative_to(PACKAGE).as_posix()


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def functions_of(tree):
    """Every function of a module by its qualified name, with the class that it belongs to."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = (node, None)
        elif isinstance(node, ast.ClassDef):
            for member in node.body:
                if isinstance(member, ast.FunctionDef):
                    found[f"{node.name}.{member.name}"] = (member, node.name)
    return found


def calls_of(function, owner, known):
    """The functions of the same module that a function calls, or hands to others that may call them."""
    called = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            target = node.func
            if isinstance(target, ast.Name) and target.id in known:
                called.add(target.id)
            elif (
                isinstance(target, ast.Attribute)
                and isinstance(target.value, ast.Name)
                and target.value.id in ("self", "cls")
            ):
                method = f"{owner}.{target.attr}"
                if method in known:
                    called.add(method)
    return called


def reachable(start, calls):
    seen, waiting = set(), list(calls[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(calls[name])
    return seen


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_function_calls_itself(path):
    known = functions_of(tree_of(path))
    calls = {name: calls_of(function, owner, known) for name, (function, owner) in known.items()}
    assert [name for name in calls if name in reachable(name, calls)] == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_inner_function_calls_itself(path):
    for outer in ast.walk(tree_of(path)):
        if isinstance(outer, ast.FunctionDef):
            for inner in ast.walk(outer):
                if isinstance(inner, ast.FunctionDef) and inner is not outer:
                    called = {
                        node.func.id
                        for node in ast.walk(inner)
                        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
                    }
                    assert inner.name not in called


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(tree_of(path))


def is_public(name):
    return not name.startswith("_")


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_public_name_is_described(path):
    missing = []
    for node in tree_of(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and is_public(node.name):
            if not ast.get_docstring(node):
                missing.append(node.name)
            if isinstance(node, ast.ClassDef):
                missing += [
                    f"{node.name}.{member.name}"
                    for member in node.body
                    if isinstance(member, ast.FunctionDef) and is_public(member.name) and not ast.get_docstring(member)
                ]
    implemented = IMPLEMENTATIONS.get(name_of(path), set())
    assert [name for name in missing if name.rpartition(".")[2] not in implemented] == []


# The methods of these are described once, by the protocol that they implement or the table that names them.
PROTOCOL = {"constant", "operation", "solve"}
IMPLEMENTATIONS = {
    "arithmetics/real.py": PROTOCOL,
    "arithmetics/ball.py": PROTOCOL,
    "arithmetics/complexes.py": PROTOCOL,
    "arithmetics/rational.py": PROTOCOL,
    "arithmetics/series.py": PROTOCOL,
    "arithmetics/symbolic.py": PROTOCOL,
} | {
    f"syntax/{name}.py": {
        member.name
        for node in tree_of(PACKAGE / "syntax" / f"{name}.py").body
        if isinstance(node, ast.ClassDef)
        for member in node.body
        if isinstance(member, ast.FunctionDef)
    }
    for name in (
        "builder",
        "row_builder",
        "statement_builder",
    )  # a method for each alias of the grammar
}


@pytest.mark.parametrize("path", [path for path in FILES if path not in GENERATED], ids=name_of)
def test_no_file_outgrows_its_noun(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nothing_is_left_for_later(path):
    text = path.read_text(encoding="utf-8")
    assert not any(word in text for word in ("TODO", "FIXME", "XXX", "breakpoint(", "pdb"))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_text_is_compiled_and_run_in_one_place(path):
    calls = [node.func for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
    called = {function.id for function in calls if isinstance(function, ast.Name)}
    allowed = {"rules/made.py": {"exec"}, "rules/compiled.py": {"compile"}}  # both of what is printed from graphs
    assert called & {"exec", "eval", "compile"} == allowed.get(name_of(path), set())


# ------------------------------------------------------------------ the public interface


def test_the_public_names_are_sorted_and_there():
    assert list(adcalc.__all__) == sorted(adcalc.__all__)
    for name in adcalc.__all__:
        assert getattr(adcalc, name) is not None
    assert set(adcalc.__all__) <= set(dir(adcalc))
    assert isinstance(adcalc.__version__, str)
    with pytest.raises(AttributeError):
        _ = adcalc.no_such_name


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_module_can_be_imported(path):
    parts = ("adcalc", *path.relative_to(PACKAGE).with_suffix("").parts)
    if parts[-1] != "__main__":
        importlib.import_module(".".join(part for part in parts if part != "__init__"))


def commands():
    folder = PACKAGE / "cli" / "commands"
    return sorted(path for path in folder.glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("path", commands(), ids=lambda path: path.stem)
def test_every_command_has_an_example_and_names_its_json_keys(path):
    functions = {node.name: node for node in tree_of(path).body if isinstance(node, ast.FunctionDef)}
    described = ast.get_docstring(functions[path.stem])
    assert f"Example: adcalc {path.stem}" in described
    assert "JSON keys:" in described


# ------------------------------------------------------------------ what is loaded

SNIPPET = """
import sys
from adcalc.cli.app import run
code = run({arguments!r})
print(code, *sorted(name for name in sys.modules if "." not in name), file=sys.stderr)
"""


def loaded_by(*arguments):
    """The top-level modules that a command loads."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    ran = subprocess.run(
        [sys.executable, "-c", SNIPPET.format(arguments=list(arguments))],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    code, *modules = ran.stderr.splitlines()[-1].split()
    return int(code), set(modules)


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--help"], {"numpy", "lark"}),
        (["grad", "--help"], {"numpy", "lark"}),
        (
            ["grad", "cos(x*y)+y", "--at", "x=0,y=1", "--json"],
            {"numpy", "rich", "scipy", "flint", "lark", "sympy", "mpmath"},
        ),
        (["grad", "cos(x*y)+y", "--at", "x=0,y=1"], {"numpy", "rich", "scipy", "flint", "lark", "sympy", "mpmath"}),
        (["grad", "x^2", "--at", "x=1", "--mode", "finite", "--json"], {"numpy", "rich", "scipy", "flint", "lark"}),
        (["eval", "x^2", "--at", "x=1"], {"numpy", "rich", "scipy", "flint", "lark"}),
        (["diff", "x^2*y", "--json"], {"numpy", "rich", "scipy", "flint", "lark"}),
        (["eval", "sin(x)", "--at", "y=1"], {"numpy", "rich", "scipy", "flint", "lark"}),
        (
            ["eval", "x^2", "--at", "x=1", "--out", "/no/such/folder/x.json"],
            {"numpy", "rich", "scipy", "flint", "lark"},
        ),
        (["eval", "x", "--at", "@examples/point.json"], {"numpy", "rich", "scipy", "flint", "lark"}),
        (["grad", "sum(A@x)", "--at", "A=[[1, 2], [3, 4]], x=[1, 2]"], {"rich", "scipy", "flint", "lark"}),
    ],
)
def test_a_command_loads_what_it_needs_and_no_more(arguments, unwanted):
    _, modules = loaded_by(*arguments)
    assert not modules & unwanted


def test_special_functions_load_the_balls():
    """The check above sees what is loaded."""
    code, modules = loaded_by("eval", "gamma(0.3)")
    assert code == 0
    assert "flint" in modules
