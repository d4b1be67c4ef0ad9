# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The way from a base to a price, step by step: plain objects without a model.

:mod:`..models.product_pricelist_explain` fills them,
:mod:`..models.b2b_price_explanation` hands them out.
"""

from dataclasses import dataclass, field

# Amounts closer than this are one figure to a reader: floats of one operation.
NOISE = 1e-7


@dataclass
class PriceStep:
    """One operation on the way to a price.

    :param str code: 'base', 'cost', 'unit', 'rate', 'fixed', 'percent', 'discount',
        'part', 'cap', 'factor', 'weight', 'rounding', 'surcharge', 'min_margin',
        'max_margin', 'figure' (of a price list whose way is not shown) or 'other'
    :param before: amount before the operation, None for the first one
    :param float after: amount after it, in ``currency``
    :param rule: ``product.pricelist.item`` in sudo, empty: no rule matched
    :param dict values: what the words are made of
    """

    code: str
    before: float | None
    after: float
    currency: object
    pricelist: object
    rule: object
    values: dict = field(default_factory=dict)
    label: str = ""
    detail: str = ""

    @property
    def change(self):
        """Amount that the operation adds; None where there is nothing to compare."""
        return None if self.before is None else self.after - self.before


class PriceBlock:
    """Steps within one price list, by one of its rules."""

    def __init__(self, pricelist, rule, currency):
        self.pricelist, self.rule, self.currency = pricelist, rule, currency
        self.steps = []
        self.price = None

    def start(self, price):
        """Take over the price of the list that this one is based on."""
        self.price = price

    def add(self, code, price, currency=None, comparable=True, **values):
        """Note an operation and its outcome.

        What changes nothing is no step; the figure before it gets the last bit.

        :param currency: of the outcome, where it is not the block's own
        :param bool comparable: False: not to be compared with the amount before
        """
        before = self.price if comparable else None
        self.price = price
        if before is not None and abs(before - price) < NOISE:
            if self.steps:
                self.steps[-1].after = price
            return
        currency = currency or self.currency
        step = PriceStep(
            code, before, price, currency, self.pricelist, self.rule, values
        )
        self.steps.append(step)


@dataclass
class NextStep:
    """A larger quantity that costs less: both in the asked unit.

    :param float missing: what lacks to it
    :param float percent: by how much the price is lower than the present one
    """

    quantity: float
    missing: float
    price: float
    percent: float


@dataclass
class PriceExplanation:
    """Why a product costs what it costs under an agreement.

    :param list blocks: :class:`PriceBlock`, from the base to the price
    :param float price: per ``uom`` in ``currency``, to the last bit what
        ``_compute_price_rule`` of the agreement's list says
    :param rule: the rule that makes the price, in sudo; empty: none
    :param list steps: :class:`PriceStep` with words; the last one ends in ``price``
    :param valid_until: datetime (naive, UTC) up to which the price stands, or None
    :param str valid_reason: 'agreement' or 'price': what ends then
    :param list next_steps: :class:`NextStep`, the nearest first
    """

    agreement: object
    product: object
    quantity: float
    uom: object
    date: object
    currency: object
    blocks: list
    price: float
    rule: object
    steps: list = field(default_factory=list)
    valid_until: object = None
    valid_reason: str = ""
    next_steps: list = field(default_factory=list)
