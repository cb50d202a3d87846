"""Matrices of derivatives, and products with them, in digits of which every one is proved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adcalc.api.expandable import Expandable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adcalc.api.point import Point
    from adcalc.results.proved_tables import ProvedHessian, ProvedJacobian, ProvedProduct


class Provable(Expandable):
    """What is proved of a function at an exact point, beside its value and its gradient.

    The `options` of each method are those of the one without `proved`; with `enclosure` the answers have `bounds`, too.
    All raise PrecisionError for what cannot be proved.

    >>> [name for name in vars(Provable) if name.startswith("proved")]
    ['proved_jacobian', 'proved_hessian', 'proved_vjp', 'proved_jvp', 'proved_hvp']
    """

    def proved_jacobian(self, digits: int, point: Point, /, **options: Any) -> ProvedJacobian:
        """The partials of every result: see `Function.jacobian`.

        >>> from adcalc.api import function
        >>> function("[x^2, sin(x)]").proved_jacobian(20, {"x": "pi/3"}).jacobian["x"].digits
        ['2.0943951023931954923', '0.5']
        """
        from adcalc.api.proofs.proved_tables import jacobian

        return jacobian(self._whole, point, digits, **options)

    def proved_hessian(self, digits: int, point: Point, /, **options: Any) -> ProvedHessian:
        """The second derivatives: see `Function.hessian`.

        >>> from adcalc.api import function
        >>> function("x^3*y").proved_hessian(20, {"x": "1/3", "y": 1}).hessian["x"]["y"].digits
        '0.33333333333333333333'
        """
        from adcalc.api.proofs.proved_tables import hessian

        return hessian(self._whole, point, digits, **options)

    def proved_vjp(self, digits: int, point: Point, seed: Any = 1, /, **options: Any) -> ProvedProduct:
        """The product of a weight of the result with the Jacobian: see `Function.vjp`.

        >>> from adcalc.api import function
        >>> function("[x^2, x*y]").proved_vjp(20, {"x": 2, "y": "1/3"}, "[1/3, 10]").product["x"].digits
        '4.6666666666666666667'
        """
        from adcalc.api.proofs.proved_products import vjp

        return vjp(self._whole, point, digits, seed, **options)

    def proved_jvp(self, digits: int, point: Point, seed: Mapping[str, Any], /, **options: Any) -> ProvedProduct:
        """The product of the Jacobian with a direction of the variables: see `Function.jvp`.

        >>> from adcalc.api import function
        >>> function("[x^2, x*y]").proved_jvp(20, {"x": 2, "y": 3}, {"x": "1/3"}).product[""].digits
        ['1.3333333333333333333', '1']
        """
        from adcalc.api.proofs.proved_products import jvp

        return jvp(self._whole, point, digits, seed, **options)

    def proved_hvp(self, digits: int, point: Point, seed: Mapping[str, Any], /, **options: Any) -> ProvedProduct:
        """The product of the Hessian with a direction of the variables: see `Function.hvp`.

        >>> from adcalc.api import function
        >>> function("x^2*y").proved_hvp(20, {"x": "1/3", "y": 2}, {"x": "1/3"}).product["x"].digits
        '1.3333333333333333333'
        """
        from adcalc.api.proofs.proved_products import hvp

        return hvp(self._whole, point, digits, seed, **options)
