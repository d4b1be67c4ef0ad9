# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stock Odoo's computation of prices, for proofs and measurements against ours."""

from contextlib import ExitStack
from unittest.mock import patch

from odoo.addons.product.models.product_pricelist import ProductPricelist
from odoo.addons.product.models.product_pricelist_item import ProductPricelistItem

_METHODS = (
    (
        "product.pricelist",
        ProductPricelist,
        ("_compute_price_rule", "_get_applicable_rules"),
    ),
    (
        "product.pricelist.item",
        ProductPricelistItem,
        ("_compute_base_price", "_compute_price"),
    ),
)


def as_stock(env):
    """Context: the methods of core in place of ours, in this registry.

    What core knows nothing of, special offers, regional factors and rates of an
    agreement, is left out inside the block.
    """
    stack = ExitStack()
    for model, core, names in _METHODS:
        for name in names:
            method = getattr(core, name)
            stack.enter_context(patch.object(env.registry[model], name, method))
    return stack
