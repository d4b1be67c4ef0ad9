# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What lists do with goods out of stock: the nearest rule wins."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.id_in import id_in

STOCK_RULES = [
    ("usual", "As any other goods"),
    ("last", "After goods in stock"),
    ("date", "With the date of the next arrival"),
    ("hide", "Not in lists"),
]


class B2bSegment(models.Model):
    _inherit = "b2b.segment"

    stock_rule = fields.Selection(
        STOCK_RULES,
        "Goods out of stock",
        help="In lists and suggestions. Left empty: as on the website.",
    )


class B2bAgreementTermsMixin(models.AbstractModel):
    _inherit = "b2b.agreement.terms.mixin"

    stock_rule = fields.Selection(
        STOCK_RULES,
        "Goods out of stock",
        tracking=True,
        help="In lists and suggestions. Left empty: as for the customer's segment, or "
        "as on the website.",
    )


class B2bAgreementTemplate(models.Model):
    _inherit = "b2b.agreement.template"

    @api.model
    def _get_term_names(self):
        return [*super()._get_term_names(), "stock_rule"]


class Website(models.Model):
    _inherit = "website"

    b2b_stock_rule = fields.Selection(
        STOCK_RULES,
        "Goods out of stock",
        default="usual",
        required=True,
        help="In lists and suggestions. A product's own page stays where it is.",
    )
    b2b_to_order_in_stock = fields.Boolean(
        "Goods to order count as in stock",
        default=True,
        help="Goods that may be ordered without stock are never treated as out of it.",
    )

    def _b2b_get_stock_rule(self):
        """What the visitor's lists do with goods out of stock.

        The agreement's rule, else that of the account's segment, else the website's.
        Who may not see stock does not see it by what is missing, either.

        :return: 'hide', 'last', 'date' or 'usual'
        """
        website = (self or self._b2b_get_visited()).with_env(self.env)
        if not self.env.user.share or not website._b2b_may_see("stock"):
            return "usual"
        agreement, account = website._b2b_get_stock_customer()
        return (
            agreement.stock_rule
            or account.segment_id.stock_rule
            or website.sudo().b2b_stock_rule
        )

    @api.model
    def _b2b_get_stock_customer(self):
        """The acting agreement and account of the current user, in sudo.

        Both are empty where there is neither a page nor a job of a member.
        """
        if acting := self._b2b_get_current_acting():
            return acting.agreement.sudo(), acting.member.account_id.sudo()
        return self.env["b2b.agreement"].sudo(), self.env["b2b.account"].sudo()

    def _b2b_get_stock_warehouses(self):
        """Warehouses whose stock counts for the visitor, in sudo.

        Those of the acting agreement, else the website's, else all of the company.
        """
        website = (self or self._b2b_get_visited()).sudo()
        agreement, _account = self._b2b_get_stock_customer()
        if found := agreement._b2b_get_warehouses():
            return found
        if website.warehouse_id:
            return website.warehouse_id
        return (
            self.env["stock.warehouse"]
            .sudo()
            .search([("company_id", "=", website.company_id.id)])
        )

    def _b2b_get_stocked_query(self):
        """Templates that the visitor's rule does not treat as out of stock.

        In stock, or bought by the account before: these never vanish.

        :return: ``odoo.tools.SQL`` of a SELECT of ids, for ``id IN (...)``
        """
        website = (self or self._b2b_get_visited()).sudo()
        Template = self.env["product.template"]
        warehouses = self._b2b_get_stock_warehouses()
        query = Template._b2b_get_in_stock_query(
            warehouses, to_order=website.b2b_to_order_in_stock
        )
        _agreement, account = self._b2b_get_stock_customer()
        if not account:
            return query
        bought = Template._b2b_get_bought_query(account)
        return SQL("%s UNION ALL %s", query, bought)

    def _b2b_get_stock_domain(self):
        """Goods that the visitor's lists show: Domain on product.template.

        ``Domain.TRUE`` unless the rule is 'hide'.
        """
        if self._b2b_get_stock_rule() != "hide":
            return Domain.TRUE
        return id_in(self._b2b_get_stocked_query(), apart=True)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.model
    def _search_get_detail(self, website, order, options):
        """Suggest nothing that the visitor's lists leave out."""
        detail = super()._search_get_detail(website, order, options)
        stocked = website._b2b_get_stock_domain()
        if not stocked.is_true():
            detail["base_domain"] = [*detail["base_domain"], stocked]
        return detail


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    b2b_stock_rule = fields.Selection(
        related="website_id.b2b_stock_rule", readonly=False
    )
    b2b_to_order_in_stock = fields.Boolean(
        related="website_id.b2b_to_order_in_stock", readonly=False
    )


class B2bCatalogue(models.AbstractModel):
    """The rule in the members' catalogue."""

    _inherit = "b2b.catalogue"

    @api.model
    def _get_visible_domain(self):
        website = self.env["website"]._b2b_get_visited()
        return super()._get_visible_domain() & website._b2b_get_stock_domain()

    @api.model
    def _sort(self, templates, query, acting):
        """Goods out of stock after those in stock, where the rule says so."""
        result = super()._sort(templates, query, acting)
        website = self.env["website"]._b2b_get_visited()
        if website._b2b_get_stock_rule() == "last":
            templates.order = SQL(
                "%s IN (%s) DESC, %s",
                SQL.identifier(templates.table, "id"),
                website._b2b_get_stocked_query(),
                templates.order,
            )
        return result
