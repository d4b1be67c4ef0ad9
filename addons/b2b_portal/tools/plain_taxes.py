# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

# What core computes from the amount alone.
_KINDS = ("percent", "division", "fixed", "group")


def is_plain(own, mapped, included):
    """Whether the amount that core shows for a price is the price, rounded.

    Then its computation of taxes, most of a millisecond a price, may be left out.

    :param own: ``account.tax`` records of the product
    :param mapped: those that the customer pays
    :param bool included: amounts are shown with taxes
    """
    every = (own | mapped).flatten_taxes_hierarchy()
    kinds = set(every.mapped("amount_type"))
    if not kinds.issubset(_KINDS):
        return False
    if not included or not mapped:
        return not any(every.mapped("price_include"))
    # a fixed amount is taken off and added again, to the last digit but one
    return own == mapped and all(every.mapped("price_include")) and "fixed" not in kinds
