"""What is said of any claim, about a number or an array: how few points there were, and by what factor it is wrong."""

from __future__ import annotations


def few(points: int) -> str:
    """How many points were found, where these are too few.

    >>> few(0), few(1), few(2)
    ('no point', 'only 1 point', 'only 2 points')
    """
    return f"only {points} point{'s' * (points > 1)}" if points else "no point"


def multiple(factor: str) -> str:
    """What a claim is that is the derivative times a factor, as it is written.

    >>> multiple("-1"), multiple("1/2")
    ('the claim has the wrong sign', 'the claim is 1/2 times the derivative')
    """
    return "the claim has the wrong sign" if factor == "-1" else f"the claim is {factor} times the derivative"
