"""The cases of the shared corpora: expressions and gradients that nobody here made up, to 30 digits."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from adcalc.api import function
from adcalc.arithmetics.real import Real
from adcalc.errors import AdcalcError, Source
from adcalc.modes import forward, reverse
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.edges import singular
from adcalc.modes.proofs import certified
from adcalc.modes.sweep import primal
from adcalc.rules.compiled import Compiled
from adcalc.rules.table import standard
from adcalc.syntax.lower import lower
from adcalc.syntax.parser import parse

DATA = Path(__file__).parents[2] / "shared" / "data"
FILES = ("adbench", "cas_pairs", "feynman", "mgh", "nist_models", "optfun", "rubi")
TABLE = standard()
RULES = Compiled(TABLE, Real())


@pytest.mark.parametrize("name", FILES)
def test_value_and_gradient_of_every_case(name: str) -> None:
    path = DATA / f"{name}.jsonl"
    if not path.exists():
        pytest.skip("the shared data is not beside this checkout")
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert cases
    failures = {case["id"]: reason for case in cases if (reason := failure(case))}
    assert failures == {}


def failure(case: dict[str, Any]) -> str | None:
    """Why a case fails; None where value and gradient are right in forward and in reverse mode."""
    point = {name: float(Fraction(text)) for name, text in case["point"].items()}
    allowed = max(1e-10, 1000 * case["f64_relerr"])
    try:
        lowered = lower(parse(Source(case["expression"])), TABLE, frozenset(point))
        inputs = {name: lowered.graph.input(name) for name in point}
        wrt = tuple(inputs[name] for name in case["grad"])
        values = {inputs[name]: value for name, value in point.items()}
        tape = primal(Problem(lowered.graph, lowered.output, wrt, values), RULES)
        kinks = singular.find(tape)
        modes = [singular.one_sided(tape, kinks)] if kinks.clauses else [forward.run(tape), reverse.run(tape)]
    except AdcalcError as error:
        return f"{error.kind}: {error.message}"
    except NodeError as error:
        return f"{error.kind} at {lowered.graph.nodes[error.node].op}{tuple(error.arguments)}"
    true = [float(Fraction(text)) for text in case["grad"].values()]
    largest = max(map(abs, true), default=0.0)
    if not abs(tape.value - float(Fraction(case["value"]))) <= allowed * max(
        abs(float(Fraction(case["value"]))), 1e-300
    ):
        return f"value {tape.value}, not {case['value']}"
    for derivatives in modes:
        for name, found, wanted in zip(case["grad"], derivatives.partials, true, strict=True):
            if not abs((found or 0.0) - wanted) <= allowed * largest:
                return f"slope {found} by {name}, not {wanted}"
    return None


@pytest.mark.parametrize("name", FILES)
def test_every_digit_of_the_corpora_is_proved(name: str) -> None:
    path = DATA / f"{name}.jsonl"
    if not path.exists():
        pytest.skip("the shared data is not beside this checkout")
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    wrong = {case["id"]: found for case in cases if (found := unlike(case))}
    assert wrong == {}


def unlike(case: dict[str, Any]) -> str | None:
    """The certified number of a case that is not the published one, to 28 of its 30 digits; None where all are."""
    lowered = lower(parse(Source(case["expression"])), TABLE, frozenset(case["point"]))
    inputs = {name: lowered.graph.input(name) for name in case["point"]}
    point = {inputs[name]: Fraction(text) for name, text in case["point"].items()}
    problem = Problem(lowered.graph, lowered.output, tuple(inputs[name] for name in case["grad"]), point)
    answer = certified.gradient(problem, TABLE, 32)
    found = [Fraction(part.digits) if part else Fraction(0) for part in (answer.value, *answer.partials)]
    true = [Fraction(text) for text in (case["value"], *case["grad"].values())]
    noise = Fraction(1, 10**48) * max(map(abs, true))  # of the 50 digits that the corpora were made with
    for number, wanted in zip(found, true, strict=True):
        if abs(number - wanted) > Fraction(1, 10**28) * abs(wanted) + noise:
            return f"{float(number)}, not {float(wanted)}"
    return None


@pytest.mark.parametrize("name", ["feynman", "mgh", "nist_models", "optfun", "rubi"])
def test_second_derivatives_of_every_case(name: str) -> None:
    path = DATA / f"{name}.jsonl"
    if not path.exists():
        pytest.skip("the shared data is not beside this checkout")
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    cases = [case for case in cases if case.get("hess") or case.get("second")]
    assert cases
    failures = {case["id"]: reason for case in cases[:: 4 if name == "rubi" else 1] if (reason := bent(case))}
    assert failures == {}


def bent(case: dict[str, Any]) -> str | None:
    """The second derivatives of a case that are not the published ones; None where all are."""
    asked = function(case["expression"])
    names = asked.inputs(case["point"])
    point = {name: float(Fraction(text)) for name, text in case["point"].items() if name in names}
    true = case.get("hess") or {f"{case['wrt']},{case['wrt']}": case["second"]}
    try:
        result = asked.hessian(point, wrt=[case["wrt"]] if "second" in case else None)
    except AdcalcError as error:
        return f"{error.kind}: {error.message}"
    found = result.hessian
    largest = max((abs(number) for row in found.values() for number in row.values()), default=0.0)
    allowed = max(1e-9, 1e5 * case["f64_relerr"]) * max(largest, abs(result.value) * 1e-3)
    for pair, text in true.items():
        one, other = pair.split(",")
        if not abs(found[one][other] - float(Fraction(text))) <= allowed:
            return f"{pair}: {found[one][other]}, not {text}"
    return None
