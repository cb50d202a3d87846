"""What the reductions of points, claims, correlations, rows and identities do."""

from adcalc.errors import Source
from adcalc.syntax.code import Block, Head
from adcalc.syntax.phrases import Phrases


class Rows(Phrases):
    """The parameters of the row being read.

    >>> Rows(Source("d exp(u) = v*du")).code
    []
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._parameters: list[str] = []

    # ------------------------------------------------------------ --at, --wrt, --claim, --correlation

    def variable(self, size: int) -> None:
        self._append("variable", self.token.strip("`"), size)

    def bind(self, size: int) -> None:
        self._append("bind", self._cut(size), size)

    def bind_range(self, size: int) -> None:
        high = self._taken(-1)
        name, low = self._cut(size)
        self._append("bind_range", (name, low, high), size)

    def bind_interval(self, size: int) -> None:
        high = self._taken(-2)
        name, low = self._cut(size)
        self._append("bind_interval", (name, low, high), size)

    def bind_spread(self, size: int) -> None:
        spread = self._taken(-1)
        name, middle = self._cut(size)
        self._append("bind_spread", (name, middle, spread), size)

    def bind_file(self, size: int) -> None:
        name = self.code.pop()[1]
        self._append("bind_file", (name, self._path()), size)

    def bind_all(self, size: int) -> None:
        self._append("bind_all", self._path(), size)

    def _path(self) -> str:
        """The name of a file, without the quotes around one that has blanks or commas in it."""
        path = self.token[1:]
        return path[1:-1] if len(path) > 2 and path[0] == path[-1] and path[0] in "\"'" else path

    def correlation(self, size: int) -> None:
        coefficient = self._taken(-1)
        self.code.append(("correlation", coefficient, (self.starts[-1], self.last)))

    def claim(self, size: int) -> None:
        self.code.append(("claim", self._taken(-1), (self.starts[-1], self.last)))

    def _cut(self, size: int) -> tuple[str, Block]:
        """The variable of a binding and the code of its value."""
        begin = self._begin_of(self.starts[-size])
        _, name, _ = self.code[begin]
        block = self.code[begin + 1 :]
        del self.code[begin:]
        return name, block

    # ------------------------------------------------------------ rows and identities

    def parameter(self, size: int) -> None:
        self._parameters.append(self.token)

    def head(self, size: int) -> None:
        name = self._word_at(self.starts[-size])
        variadic = "..." in self.source.text[self.starts[-size] : self.last]
        self._append("head", Head(name, tuple(self._parameters), variadic), size)
        self._parameters.clear()

    def differential(self, size: int) -> None:
        self._append("differential", None, size)

    def definition(self, size: int) -> None:
        self._append("definition", None, size)

    def on(self, size: int) -> None:
        self._clause("on", size)

    def smooth(self, size: int) -> None:
        self._clause("smooth", size)

    def smooth_in(self, size: int) -> None:
        self._clause("smooth", size, self._parameters.pop())

    def kink(self, size: int) -> None:
        self._clause("kink_slope", size)
        self._clause("kink", size, position=-3)

    def jump(self, size: int) -> None:
        self._clause("jump", size)

    def jump_in(self, size: int) -> None:
        self._clause("jump", size, self._parameters.pop())

    def identity(self, size: int) -> None:
        self._append("identity", None, size)

    def identity_for(self, size: int) -> None:
        self._clause("condition", size)
        self._append("identity", None, size)

    def _clause(self, kind: str, size: int, parameter: str | None = None, position: int = -1) -> None:
        """Move the code of a clause's expression into one instruction, so that a row is a list of its parts."""
        begin = self._begin_of(self.starts[position])
        end = next((i for i in range(begin, len(self.code)) if self.code[i][0] == "kink_slope"), len(self.code))
        block = self.code[begin:end]
        self.code[begin:end] = [(kind, (parameter, block), (self.starts[position], self.last))]
