"""Star colouring: inputs that can share a direction, so that a sparse symmetric matrix takes a handful of sweeps.

The product of a matrix with the sum of some unit vectors is the sum of these columns. An entry can be read off it where
no other column of the sum has an entry in its row. Neighbours are inputs with an entry in common. Colour the inputs so
that neighbours differ and no path of four inputs has two colours only; then of the entries (i, j) and (j, i) one, at
least, stands alone in its row of the other one's colour, and by symmetry it is both (Coleman & Moré 1984; Gebremedhin,
Manne & Pothen 2005). An arrow takes 2 colours whatever its size, a tridiagonal matrix 3.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from adcalc.modes.sparsity import members

_PATIENCE: Final = 1_000_000  # steps, after which a colouring that needs a colour for every other input is given up
_WIDE: Final = 500  # inputs, of which more than half the pairs meet: then no colours are looked for


class Colouring(NamedTuple):
    """The colour of each input (-1 where its row is empty), and how many there are.

    >>> Colouring((0, 1, -1), 2).number
    2
    """

    colours: tuple[int, ...]
    number: int


class Entry(NamedTuple):
    """An entry of the upper triangle, and where it is read: the row of the product with the sum of a colour's columns.

    >>> Entry(0, 2, 2, 1).colour
    1
    """

    row: int
    column: int
    read: int
    colour: int


def coloured(rows: Sequence[int]) -> Colouring:
    """A star colouring of a symmetric pattern, whose rows are sets: in natural order or by degree, what takes less.

    >>> arrow = [0b1111, 0b0011, 0b0101, 0b1001]
    >>> coloured(arrow)
    Colouring(colours=(0, 1, 1, 1), number=2)
    """
    natural = [place for place, row in enumerate(rows) if row]
    count, filled = len(natural), sum(row.bit_count() for row in rows)
    if filled >= count * (count - 1) or (count > _WIDE and 2 * filled > count * count):
        return _each_its_own(len(rows), natural)
    neighbours = [[other for other in members(row) if other != place] for place, row in enumerate(rows)]
    found = _greedy(neighbours, natural)
    degrees = [len(some) for some in neighbours]
    if found is not None and found.number > 2 and len(set(degrees)) > 1:
        other = _greedy(neighbours, sorted(natural, key=lambda place: -degrees[place]))
        if other is not None and other.number < found.number:
            found = other
    return found or _each_its_own(len(rows), natural)


def _each_its_own(count: int, places: Iterable[int]) -> Colouring:
    colours = [-1] * count
    number = 0
    for number, place in enumerate(places, 1):
        colours[place] = number - 1
    return Colouring(tuple(colours), number)


def _greedy(neighbours: Sequence[Sequence[int]], order: Sequence[int]) -> Colouring | None:
    """Each input in turn gets the first colour that closes no path of two colours; None where that takes too long.

    Two colours make stars alone: so where a neighbour has one other neighbour of some colour, that one is all there is
    to look at.
    """
    colours = [-1] * len(neighbours)
    around: list[dict[int, list[int]]] = [{} for _ in neighbours]  # the neighbours that have a colour, by colour
    count = work = 0
    for place in order:
        forbidden = set(around[place])
        for colour, same in around[place].items():
            for neighbour in same:
                work += len(around[neighbour])
                for other, ends in around[neighbour].items():
                    if len(same) > 1 or (len(ends) == 1 and len(around[ends[0]][colour]) > 1):
                        forbidden.add(other)
        chosen = next(colour for colour in range(count + 1) if colour not in forbidden)
        count = max(count, chosen + 1)
        colours[place] = chosen
        for neighbour in neighbours[place]:
            around[neighbour].setdefault(chosen, []).append(place)
        if work > _PATIENCE and 2 * count > len(order):
            return None
    return Colouring(tuple(colours), count)


def entries(rows: Sequence[int], colouring: Colouring) -> list[Entry]:
    """Each entry of the upper triangle once, and where it can be read.

    >>> [(entry.row, entry.column, entry.read) for entry in entries([0b11, 0b01], Colouring((0, 1), 2))]
    [(0, 0, 0), (0, 1, 0)]
    """
    colours = colouring.colours
    alone: list[dict[int, int]] = []  # for each row, how many of its entries a colour has
    for row in rows:
        counts: dict[int, int] = {}
        for column in members(row):
            counts[colours[column]] = counts.get(colours[column], 0) + 1
        alone.append(counts)
    found = []
    for row, columns in enumerate(rows):
        for column in members(columns >> row):
            column += row
            reads_row = alone[row][colours[column]] == 1
            read, other = (row, column) if reads_row else (column, row)
            found.append(Entry(row, column, read, colours[other]))
    return found
