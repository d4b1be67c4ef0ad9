# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class B2bPriceList(models.AbstractModel):
    """A column with the article numbers of the customer."""

    _inherit = "b2b.price.list"

    @api.model
    def _offers_own_articles(self, agreement):
        """Where the account has numbers and the user may see them."""
        # whose rights are asked is told by the environment
        account = agreement.account_id.with_user(self.env.user).sudo()
        if not account or not account._b2b_may_read_codes():
            return super()._offers_own_articles(agreement)
        domain = account._b2b_get_codes_in_force(agreement.entity_id)
        codes = self.env["b2b.customer.code"].sudo()
        return bool(codes.search_count(domain, limit=1))

    @api.model
    def _get_usual_columns(self):
        return (*super()._get_usual_columns(), "own_article")


class B2bPriceListData(models.AbstractModel):
    _inherit = "b2b.price.list.data"

    @api.model
    def _read_own_articles(self, task, ids):
        account = task.agreement.account_id.with_user(task.user).sudo()
        products = self.env["product.product"].browse(ids)
        codes = account._b2b_get_customer_codes(products, task.agreement.entity_id)
        return super()._read_own_articles(task, ids) | codes
