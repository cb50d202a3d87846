"""Slopes at exact points on edges where sweeps do not tell them: by the series to both sides, as far as these agree.

x^2*sign(x) has the slope 0 at 0, although a factor of it jumps; a program may go another way to each side and have one
slope all the same. A series of order one along the variable, from the point to the right and to the left, knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from adcalc.errors import AdcalcError
from adcalc.modes.base import NodeError
from adcalc.modes.open import KINK, TURNS, OpenError
from adcalc.modes.taylor import Fixed, Question, coefficients

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adcalc.api.exact_question import Question as Asked
    from adcalc.graph.node import NodeId

_OPEN: Final = frozenset({KINK, TURNS})  # what sweeps say who look at one side at most


def may_be_smooth(error: NodeError | OpenError) -> bool:
    """Whether an error of the sweeps leaves it open that there is a slope: not where both are known, and differ.

    >>> may_be_smooth(OpenError(0, KINK)), may_be_smooth(NodeError("kink", 0, []))
    (True, False)
    """
    return error.sentence in _OPEN if isinstance(error, OpenError) else error.kind == "jump"


def slopes(asked: Asked, output: NodeId, names: Sequence[str]) -> list[Any] | None:
    """The slopes of a node by some variables with the bits in force; None where one does not exist, or is not known.

    Raises OpenError where more bits may tell.

    >>> from adcalc.api import function
    >>> from adcalc.api.exact_question import Question
    >>> from adcalc.modes.attempt import Demand
    >>> asked = Question.make(function("x^2*sign(x)"), {"x": 0}, Demand(5, True))
    >>> slopes(asked, asked.lowered.output, ["x"])
    [0]
    """
    lowered = asked.lowered
    question: Question = Fixed(lowered.graph, output, asked.at)
    if asked.way is not None:
        if output not in lowered.results:
            return None
        from adcalc.api.expansions import Travelling

        question = Travelling(asked.function, asked.at, lowered.results.index(output))
    try:
        return [coefficients(question, asked.function.table, {name: 1}, 1)[1] for name in names]
    except OpenError as error:
        raise OpenError(output, error.sentence.replace("{}", "an edge")) from None
    except (NodeError, AdcalcError, KeyError):  # KeyError: a value inside a derivative, which is no variable
        return None
