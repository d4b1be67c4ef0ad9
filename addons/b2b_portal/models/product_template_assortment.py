# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Goods that the assortment keeps from a customer, wherever core shows goods."""

from odoo import api, models
from odoo.fields import Domain


def by_database(plain):
    """A domain on product.template, or product.product, answered by the database only.

    In sudo, and never from the cache: what a visitor has read there lacks the sections
    and tags that record rules keep from them.
    """

    of_product = Domain("product_tmpl_id", "any!", plain)

    def to_sql(model, alias, query):
        model = model.sudo()
        domain = of_product if model._name == "product.product" else plain
        return domain.optimize_full(model)._to_sql(model, alias, query)

    return Domain.custom(to_sql=to_sql)


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template"]

    @api.model
    def _b2b_get_assortment_domain(self, agreement=None, account=None, date=None):
        """Goods that a customer sees on the visited website.

        For documents, jobs and feeds, which have no visitor; whether goods are sold
        and published is not asked here.

        :param agreement: ``b2b.agreement`` (at most one)
        :param account: ``b2b.account``, of a customer without an agreement; without
            either: a guest
        :return: Domain on product.template by plain ids; ``Domain.TRUE``: everything
        """
        customer = self.env["website"]._b2b_get_customer(agreement, account)
        rules = self.env["b2b.assortment"].sudo()
        return rules._b2b_get_assortment(customer, date).get_domain()

    @api.model
    def _b2b_get_visitor_domain(self):
        """Goods of the assortment of the current user, for record rules and lists.

        Of products: ``Domain("product_tmpl_id", "any!", ...)``.

        :return: Domain; ``Domain.TRUE``: everything
        """
        found = self.env["website"]._b2b_get_assortments()
        if not found:
            return Domain.TRUE
        return self._b2b_wrap_domain(Domain.OR(a.get_domain() for a in found))

    @api.model
    def _b2b_wrap_domain(self, plain):
        return plain if plain.is_true() or plain.is_false() else by_database(plain)

    def _b2b_get_offered(self, domain=None):
        """Those of the templates (batch) that the current user sees: one query.

        :param domain: that of another customer than the visitor, as of
            :meth:`_b2b_get_assortment_domain`
        """
        if domain is None:
            domain = self._b2b_get_visitor_domain()
        if domain.is_true():
            return self
        everything = self.sudo().with_context(active_test=False)
        seen = everything.search(Domain("id", "in", self.ids) & domain)
        return self.browse(seen.ids)

    def _can_return_content(self, field_name=None, access_token=None):
        if not self._b2b_get_offered():
            return False
        return super()._can_return_content(field_name, access_token)

    def _get_website_accessory_product(self):
        products = super()._get_website_accessory_product()
        return products._b2b_get_offered()

    def _get_website_alternative_product(self):
        return super()._get_website_alternative_product()._b2b_get_offered()


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product"]

    def _b2b_get_offered(self, domain=None):
        """See ``product.template._b2b_get_offered``."""
        templates = self.sudo().product_tmpl_id.sudo(self.env.su)
        offered = templates._b2b_get_offered(domain)
        if offered == templates:
            return self
        ids = set(offered.ids)
        kept = self.sudo().filtered(lambda product: product.product_tmpl_id.id in ids)
        return self.browse(kept.ids)

    def _is_add_to_cart_allowed(self, *args, **kwargs):
        return bool(self._b2b_get_offered()) and super()._is_add_to_cart_allowed(
            *args, **kwargs
        )

    def _can_return_content(self, field_name=None, access_token=None):
        if not self._b2b_get_offered():
            return False
        return super()._can_return_content(field_name, access_token)


class ProductImage(models.Model):
    _inherit = "product.image"

    def _can_return_content(self, field_name=None, access_token=None):
        image = self.sudo()
        template = image.product_tmpl_id or image.product_variant_id.product_tmpl_id
        if not template.sudo(False)._b2b_get_offered():
            return False
        return super()._can_return_content(field_name, access_token)
