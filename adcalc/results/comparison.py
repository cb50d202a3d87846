"""The four methods side by side: what each says, how wrong it is, and what it costs."""

from collections.abc import Mapping
from typing import NamedTuple


class Method(NamedTuple):
    """One way to differentiate: its answer, its distance from the truth, and its cost.

    `difference` names the kind of finite difference, None in other modes. `gradient` is None where the method has no
    answer; `remark` then says why. `max_error` is the largest error of a partial, rounded up, None without a reference;
    `digits` how many digits of the worst partial are right. `operations` are those of value and gradient together, and
    `evaluations` how often finite differences evaluate the function. `seconds` is the time of one value and gradient.

    >>> Method("reverse", None, {"x": 6.0}, 0.0, 16.0, 5).operations
    5
    """

    mode: str
    difference: str | None
    gradient: Mapping[str, float] | None
    max_error: float | None = None
    digits: float | None = None
    operations: int | None = None
    evaluations: int | None = None
    seconds: float | None = None
    remark: str = ""

    @property
    def name(self) -> str:
        """The method's name among all.

        >>> Method("finite", "central", None).name
        'central'
        """
        return self.difference or self.mode


class Swelling(NamedTuple):
    """How many operations formulas take: as trees, as one shared graph, simplified; and the seconds to make them.

    `derivative_tree` and what follows are None where there are no formulas, `simplified` also where simplifying them
    would have taken too long.

    >>> Swelling(3, 3, 20, 10, 8).simplified
    8
    """

    expression_tree: int
    expression_graph: int
    derivative_tree: int | None = None
    derivative_graph: int | None = None
    simplified: int | None = None
    seconds: float | None = None


class Growth(NamedTuple):
    """What value and gradient cost as far as one result on the way to the last.

    `step` counts the operations (or the named values) on the longest path so far; the other figures are those of
    `Method.operations` and `Swelling`.

    >>> Growth("a", 1, 2, 1, 3, 4, 2, 2, 2).reverse
    4
    """

    label: str
    step: int
    variables: int
    value: int
    forward: int | None
    reverse: int | None
    tree: int | None
    graph: int | None
    simplified: int | None


class Law(NamedTuple):
    """How a cost grows along the way: "constant", "linear", "quadratic", "cubic", "exponential", or "" for no such law.

    `rate` is the increase at each step of a linear law, the factor of an exponential one.

    >>> Law("exponential", 2.0).kind
    'exponential'
    """

    kind: str
    rate: float


class Series(NamedTuple):
    """The errors of one difference quotient at the steps of a sweep; None where there is no quotient.

    `best_step` has the least error among it and its neighbours; the error grows as step^`truncation` above and as
    step^`rounding` below it (None where too few steps show it).

    >>> Series("central", 2, (1e-3, None)).order
    2
    """

    name: str
    order: int
    errors: tuple[float | None, ...]
    best_step: float | None = None
    best_error: float | None = None
    truncation: float | None = None
    rounding: float | None = None


class StepSweep(NamedTuple):
    """The errors of difference quotients by one variable, step by step; `scale` is 1 or the variable's size.

    `slope` is the derivative that the errors are measured against; `proved` says whether its digits are.

    >>> StepSweep("x", 1.0, 1.0, 2.0, True, (1.0, 0.1), ()).steps
    (1.0, 0.1)
    """

    variable: str
    at: float
    scale: float
    slope: float
    proved: bool
    steps: tuple[float, ...]
    series: tuple[Series, ...]


class Comparison(NamedTuple):
    """The methods' answers to one question: the derivatives of an order by each variable at a point.

    `reference` has proved digits, or is None; then `reason` says why, and `spread` is the largest difference between
    two methods' answers. `operations` are those of the value; `bound` is a pair: the largest multiple of them that a
    gradient in reverse mode can take, and the operation that it may take so much for. `kink` says that the point is
    on a kink where both slopes agree. `laws` say how the columns of `growth` grow. `warnings` are pairs of a kind and a
    message about the value.

    >>> Comparison("x", {"x": 1.0}, 1, 1.0, {"x": "1"}, "", (), 0, Swelling(0, 0)).order
    1
    """

    expression: str
    at: Mapping[str, float]
    order: int
    value: float
    reference: Mapping[str, str] | None
    reason: str
    methods: tuple[Method, ...]
    operations: int
    swelling: Swelling
    spread: float | None = None
    bound: tuple[int, str] | None = None
    kink: bool = False
    growth: tuple[Growth, ...] = ()
    laws: Mapping[str, Law] = {}
    sweep: StepSweep | None = None
    warnings: tuple[tuple[str, str], ...] = ()
