# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class B2bDemo(models.AbstractModel):
    """Combinations of sizes that the demo's makers do not make."""

    _inherit = "b2b.demo"

    @api.model
    def _setup_variants(self):  # pylint: disable=missing-return
        """Archive the variants that demo/variant_demo.csv has no row for."""
        super()._setup_variants()
        names = {row["template"] for row in self._rows("variant_demo.csv")}
        templates = self.env["product.template"].union(
            *(self._ref(name) for name in names)
        )
        variants = templates.product_variant_ids
        variants.filtered(lambda variant: not variant.default_code).active = False
