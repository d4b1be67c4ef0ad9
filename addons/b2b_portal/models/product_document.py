# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class ProductDocument(models.Model):
    """Certificates hold for a time: the shop shows no others."""

    _inherit = "product.document"

    b2b_valid_from = fields.Date("Valid from")
    b2b_valid_until = fields.Date(
        "Valid until", index="btree_not_null", help="The last day on which it is shown."
    )

    @api.constrains("b2b_valid_from", "b2b_valid_until")
    def _check_b2b_validity(self):
        for document in self:
            first, last = document.b2b_valid_from, document.b2b_valid_until
            if first and last and last < first:
                raise ValidationError(
                    self.env._(
                        "%(document)s ends before it begins.", document=document.name
                    )
                )

    @api.model
    def _b2b_get_shown_domain(self, template):
        """Documents that the page of a product shows today.

        Whether the visitor may see documents is the caller's to ask.

        :param template: ``product.template`` (single)
        """
        today = fields.Date.context_today(self)
        return (
            Domain("res_model", "=", "product.template")
            & Domain("res_id", "=", template.id)
            & Domain("shown_on_product_page", "=", True)
            & Domain("active", "=", True)
            & (
                Domain("b2b_valid_from", "=", False)
                | Domain("b2b_valid_from", "<=", today)
            )
            & (
                Domain("b2b_valid_until", "=", False)
                | Domain("b2b_valid_until", ">=", today)
            )
        )

    def _b2b_filter_shown(self):
        """The documents (batch) that pages of the shop show today."""
        today = fields.Date.context_today(self)
        return self.filtered(
            lambda document: (
                document.shown_on_product_page
                and not (document.b2b_valid_from and document.b2b_valid_from > today)
                and not (document.b2b_valid_until and document.b2b_valid_until < today)
            )
        )
