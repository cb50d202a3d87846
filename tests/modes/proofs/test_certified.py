"""Certified values and gradients: proved digits against known constants and mpmath, and what cannot be proved."""

import math
from fractions import Fraction

import pytest
from flint import arb, ctx
from mpmath import mp

from adcalc.arithmetics.ball import Ball
from adcalc.errors import LimitError, PrecisionError, Source
from adcalc.modes.base import NodeError, Problem
from adcalc.modes.proofs import certified
from adcalc.rules.table import standard
from adcalc.syntax.lower import lower
from adcalc.syntax.parser import parse

TABLE = standard()


def gradient(text, digits=50, last=1 << 12, **point):
    lowered = lower(parse(Source(text)), TABLE, frozenset(point))
    ids = {name: lowered.graph.input(name) for name in point}
    values = {ids[name]: value for name, value in point.items()}
    return certified.gradient(Problem(lowered.graph, lowered.output, tuple(ids.values()), values), TABLE, digits, last)


def value(text, digits=50, **point):
    lowered = lower(parse(Source(text)), TABLE, frozenset(point))
    values = {lowered.graph.input(name): number for name, number in point.items()}
    return certified.evaluate(lowered.graph, [lowered.output], values, TABLE, digits)[0]


def digits_of(number):
    return None if number is None else number.digits


# ---------------------------------------------------------------- digits


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("pi", "3.1415926535897932384626433832795028841971693993751"),
        ("e", "2.7182818284590452353602874713526624977572470937000"),
        ("log(2)", "0.69314718055994530941723212145817656807550013436026"),
        ("sqrt(2)", "1.4142135623730950488016887242096980785696718753769"),
        ("-digamma(1)", "0.57721566490153286060651209008240243104215933593992"),
        ("zeta(3)", "1.2020569031595942853997381615114499907649862923405"),
        ("gamma(1/2)", "1.7724538509055160272981674833411451827975494561224"),
        ("lambertw(1)", "0.56714329040978387299996866221035554975381578718651"),
        ("1/3", "0.33333333333333333333333333333333333333333333333333"),
        ("2/3", "0.66666666666666666666666666666666666666666666666667"),
        ("exp(pi) - pi - 20", "-0.00090002081052423273355701533095550393106315677489383"),
        ("exp(pi*sqrt(163)) - 262537412640768744", "-7.4992740280181431112064614366266300913729246258962e-13"),
        ("100!", "9.3326215443944152681699238856266700490715968264382e+157"),
        ("1/8", "0.125"),
    ],
)
def test_known_constants(text, digits):
    found = value(text)
    assert found.digits == digits
    assert not found.vanishes


def test_as_many_digits_as_are_asked():
    with mp.workdps(1010):
        assert value("pi", 1000).digits == mp.nstr(+mp.pi, 1000)


def test_a_float_is_taken_for_the_float_that_it_is_and_a_fraction_for_the_fraction():
    exact = value("x", 60, x=0.1)
    assert exact.digits == "0.1000000000000000055511151231257827021181583404541015625"
    assert value("x", 5, x=Fraction(1, 10)).digits == "0.1"


def test_what_cancels_gets_more_bits():
    found = gradient("(x - sin(x))/x^3", x=1e-10)
    with mp.workdps(200):
        x = mp.mpf(1e-10)
        slope = (1 - mp.cos(x)) / x**3 - 3 * (x - mp.sin(x)) / x**4
        assert found.partials[0].digits == mp.nstr(slope, 50, min_fixed=-5)


@pytest.mark.parametrize(
    ("text", "point", "partials"),
    [
        ("cos(x*y) + y", {"x": 0.0, "y": 1.0}, ["0", "1"]),
        ("x^2*y", {"x": 3.0, "y": 2.0}, ["12", "9"]),
        ("x^(1/3)", {"x": 8.0}, ["0.083333333333333333333333333333333333333333333333333"]),
        ("x^(4/3)", {"x": 0.0}, ["0"]),
        ("x^3", {"x": -2.0}, ["12"]),
        ("x^x", {"x": 1e-300}, ["-689.77552789821370518033834457010050290861334158364"]),
        ("sin(x)", {"x": 1e300}, ["-0.57538611195754904668824427596580615063566363551520"]),
        ("x - x", {"x": 5.0}, ["0"]),
        ("floor(x)", {"x": 1.5}, [None]),
        ("floor(x)*x", {"x": 1.5}, ["1"]),
        ("x % y", {"x": 7.5, "y": 2.0}, ["1", "-3"]),
        ("if(x < 1, x, sqrt(x))", {"x": -1.0}, ["1"]),
        ("if(x > 0 and x < 2, x^2, 1/x)", {"x": 1.5}, ["3"]),
        ("sum(x^k, k = 1..3)", {"x": 2.0}, ["17"]),
        ("max(x, x)", {"x": 3.0}, ["1"]),
        ("x*abs(x)", {"x": 0.0}, ["0"]),
        ("abs(x) + y", {"x": -1.0, "y": 0.0}, ["-1", "1"]),
        ("hypot(x, y)", {"x": 3.0, "y": 4.0}, None),
        ("if(x > 1, x^2, 2*x - 1)", {"x": 1.0}, ["2"]),
        ("if(x > 1, 1, 1) + x", {"x": 1.0}, ["1"]),
        ("if(x > 1, y, 2*y)", {"x": 0.5, "y": 1.0}, [None, "2"]),
        ("1e200*x*1e200", {"x": 1.0}, None),
    ],
)
def test_gradients(text, point, partials):
    found = gradient(text, **point)
    if partials is not None:
        assert [digits_of(partial) for partial in found.partials] == partials
    assert all(partial is None or not partial.vanishes for partial in found.partials)


def test_beyond_the_range_of_floats_there_are_still_digits():
    assert gradient("exp(x)", 10, x=1e6).value.digits == "3.033215397e+434294"
    assert gradient("exp(-x^2)", 10, x=1e3).partials[0].digits == "-6.593662956e-434292"


# ---------------------------------------------------------------- numbers that are not told from zero


def test_a_zero_that_is_not_proved_is_said_to_vanish():
    found = gradient("sin(log(exp(pi*x)))", last=certified.LAST, x=1.0)
    assert found.value.digits == "0"
    assert found.value.vanishes
    assert found.value.ball.abs_upper() < arb("1e-2400")
    assert not found.partials[0].vanishes


def test_a_small_number_is_no_zero():
    found = value("sin(x)", x=float.fromhex("0x1.921fb54442d18p+1"))
    assert found.digits == "1.2246467991473531772260659322749979970830539012998e-16"
    assert value("1 + 1e-1000 - 1", 3).digits == "1.00e-1000"
    assert value("exp(-1e5)*(1 + 1e-300) - exp(-1e5)", 3).digits.endswith("e-43730")


# ---------------------------------------------------------------- what has no answer


@pytest.mark.parametrize(
    ("text", "point", "kind"),
    [
        ("log(x)", {"x": -1.0}, "domain"),
        ("1/x", {"x": 0.0}, "domain"),
        ("sqrt(x)", {"x": -1e-300}, "domain"),
        ("gamma(x)", {"x": -3.0}, "domain"),
        ("x^(1/3)", {"x": -2.0}, "domain"),
        ("acoth(x)", {"x": 0.5}, "domain"),
        ("lambertw(x)", {"x": -0.36787944117144233}, "domain"),
        ("log(1 - 1)*x", {"x": 1.0}, "domain"),
        ("sqrt(x)", {"x": 0.0}, "slope"),
        ("asin(x)", {"x": 1.0}, "slope"),
        ("x^y", {"x": 0.0, "y": 0.0}, "slope"),
        ("sqrt(x^2)", {"x": 0.0}, "slope"),
        ("floor(x)", {"x": 1.0}, "jump"),
        ("round(x)", {"x": 2.5}, "jump"),
        ("atan2(y, x)", {"y": 0.0, "x": -1.0}, "jump"),
        ("if(x > 1, x^2, 3*x)", {"x": 1.0}, "jump"),
        ("if(x > 1, 1, -1) + x", {"x": 1.0}, "jump"),
        ("y*if(x > 1, 1, -1)", {"x": 1.0, "y": 2.0}, "jump"),
        ("abs(x)", {"x": 0.0}, "kink"),
        ("hypot(x, y)", {"x": 0.0, "y": 0.0}, "kink"),
        ("abs(x) + y", {"x": 0.0, "y": 1.0}, "kink"),
        ("besselj(n, x)", {"n": 2.0, "x": 1.0}, "no_rule"),
    ],
)
def test_where_there_is_certainly_nothing_the_node_is_to_blame(text, point, kind):
    with pytest.raises(NodeError) as refused:
        gradient(text, **point)
    assert refused.value.kind == kind
    assert not any(isinstance(argument, arb) for argument in refused.value.arguments)


def test_a_kink_says_both_slopes():
    with pytest.raises(NodeError) as refused:
        gradient("3*abs(x)", x=0.0)
    assert refused.value.slopes == (-3.0, 3.0)


def test_a_kink_spoils_only_the_partials_that_meet_it():
    lowered = lower(parse(Source("abs(x) + sin(y)")), TABLE)
    x, y = lowered.variables.values()
    found = certified.gradient(Problem(lowered.graph, lowered.output, (y,), {x: 0.0, y: 1.0}), TABLE, 20)
    assert found.partials[0].digits == "0.54030230586813971740"


@pytest.mark.parametrize(
    ("text", "point", "words"),
    [
        ("sqrt(sin(log(exp(pi*x))))", {"x": 1.0}, r"sqrt\(sin\(log\(exp\(pi\*x\)\)\)\)"),
        ("if(sin(log(exp(pi*x))) > 0, x, -x)", {"x": 1.0}, r"whether sin\(log\(exp\(pi\*x\)\)\) > 0 holds"),
        ("if(sin(log(exp(pi*x))) > 0 or x > 0, x, -x)", {"x": 1.0}, "holds"),
        ("abs(sin(log(exp(pi*x))))", {"x": 1.0}, r"abs\(sin\(log\(exp\(pi\*x\)\)\)\) may stand exactly"),
        ("floor(sin(log(exp(pi*x))))", {"x": 1.0}, r"floor\(sin\(log\(exp\(pi\*x\)\)\)\)"),
        ("if(x > 1, x^2, 3*x - 2)", {"x": 1.0}, "exactly here"),
        ("if(x > 1, abs(x - 1), 0)", {"x": 1.0}, "exactly here"),
        ("if(x > 1, 0, abs(x - 1))", {"x": 1.0}, "exactly here"),
        ("if(x > 1, sqrt(x - 1), 0)", {"x": 1.0}, "slope of sqrt"),
        ("if(x > 1, floor(x), 1)", {"x": 1.0}, "exactly here"),
        ("inf + x", {"x": 1.0}, "border"),
        ("exp(exp(exp(x)))", {"x": 1e3}, "exp"),
        ("log(sqrt(2)*sqrt(2) - 2 + 0*x)", {"x": 1.0}, "log"),
    ],
)
def test_what_no_number_of_digits_decides_is_not_answered(text, point, words):
    with pytest.raises(PrecisionError, match=words) as refused:
        gradient(text, **point)
    assert refused.value.exit_code == 1
    assert refused.value.node is not None


def test_a_value_on_a_jump_is_not_answered_either():
    with pytest.raises(PrecisionError, match=r"floor\(sin\(log\(exp\(pi\)\)\)\)"):
        value("floor(sin(log(exp(pi)))) + 1")


def test_a_huge_sub_expression_is_not_quoted():
    terms = " + ".join(f"sin(x + {k})" for k in range(200))
    with pytest.raises(PrecisionError, match="an intermediate sqrt") as refused:
        gradient(f"sqrt(({terms}) - ({terms}) + sin(log(exp(pi))))", x=1.0)
    assert len(refused.value.message) < 200


def test_work_without_end_is_refused():
    with pytest.raises(LimitError):
        gradient("polygamma(2000, x)", x=1.0)


# ---------------------------------------------------------------- precision


def test_the_working_precision_is_put_back():
    before = ctx.prec
    value("pi", 1000)
    with pytest.raises(PrecisionError):
        gradient("sqrt(sin(log(exp(pi*x))))", x=1.0)
    with pytest.raises(NodeError):
        gradient("log(x)", x=-1.0)
    with pytest.raises(LimitError):
        gradient("polygamma(2000, x)", x=1.0)
    assert ctx.prec == before


def test_constants_are_made_anew_for_each_precision():
    """A rule holds constants, such as the 2/sqrt(pi) of erf: those of few bits would spoil a later answer."""
    few, many = (gradient("erf(x)*x^(1/3)", digits, x=0.7).partials[0].digits for digits in (5, 200))
    with mp.workdps(220):
        x = mp.mpf(0.7)
        true = 2 / mp.sqrt(mp.pi) * mp.exp(-(x**2)) * mp.cbrt(x) + mp.erf(x) / (3 * mp.cbrt(x) ** 2)
        assert (few, many) == (mp.nstr(true, 5), mp.nstr(true, 200))


def test_rules_are_compiled_once_for_a_precision():
    assert certified.compiled(TABLE, 200) is certified.compiled(TABLE, 200)
    assert isinstance(certified.compiled(TABLE, 200).arithmetic, Ball)


# ---------------------------------------------------------------- distances


def test_how_far_a_float_is_from_the_truth():
    third = value("1/3")
    assert third.distance(1 / 3) == float(Fraction(1, 3) - Fraction(1 / 3)) or third.distance(1 / 3) > 0
    assert math.isclose(third.distance(1 / 3), abs(float(Fraction(1 / 3) - Fraction(1, 3))), rel_tol=1e-15)
    assert Fraction(third.distance(1 / 3)) >= abs(Fraction(1 / 3) - Fraction(1, 3))
    assert value("1/4").distance(0.25) == 0.0
    assert value("1/4").distance(-0.75) == 1.0
    assert value("exp(1000)").distance(1.0) == math.inf


def test_an_exact_zero_is_no_distance_away():
    assert value("x - x", x=3.0).distance(0.0) == 0.0
    assert value("x - x", x=3.0).distance(1e-300) == 1e-300


def test_the_rule_of_a_users_own_function_is_proved_too():
    from adcalc.rules.table import Table

    table = Table(
        *[TABLE.entry("sin", 1).source, Source("twice(u) = 2*u\nd cube(u) = 3*u^2*du\ncube(u) = u^3", "mine")]
    )
    lowered = lower(parse(Source("cube(twice(x))")), table)
    (x,) = lowered.variables.values()
    found = certified.gradient(Problem(lowered.graph, lowered.output, (x,), {x: 0.5}), table, 30)
    assert (found.value.digits, found.partials[0].digits) == ("1", "6")


def test_a_choice_that_stands_on_its_boundary_in_every_direction_is_not_proved():
    """Its sides move alike, so no step decides; the side that is taken has the slope 1 by y, and not 0."""
    with pytest.raises(PrecisionError, match="no proved slope"):
        gradient("if(2*y < y + y, x, y)", x=2.0, y=2.0)


def test_a_number_is_not_less_than_itself_in_any_direction():
    """No boundary, then: the side that is taken is the only one."""
    found = gradient("if(y < y, x, y) + if(x <= x, 3*x, y)", x=2.0, y=2.0)
    assert [one.digits for one in found.partials] == ["3", "1"]
