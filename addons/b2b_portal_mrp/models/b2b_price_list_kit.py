# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain


class B2bPriceListData(models.AbstractModel):
    """Kits in price lists and feeds."""

    _inherit = "b2b.price.list.data"

    @api.model
    def _get_without_quants(self, task, ids):
        """Kits have no stock of their own: their parts tell how many there are."""
        products = super()._get_without_quants(task, ids)
        boms = self.env["mrp.bom"].sudo()
        boms = boms.search(
            Domain("type", "=", "phantom")
            & Domain("company_id", "in", (False, task.agreement.company_id.id))
        )
        kits = boms.product_id | boms.product_tmpl_id.product_variant_ids
        wanted = set(ids)
        return products | kits.filtered(lambda kit: kit.id in wanted)


class B2bJob(models.Model):
    _inherit = "b2b.job"

    @api.model
    def _get_price_list_sources(self):
        return (*super()._get_price_list_sources(), "mrp_bom", "mrp_bom_line")
