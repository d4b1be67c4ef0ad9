# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class B2bAgreementWarehouse(models.Model):
    """A warehouse of an agreement or of a template; the first in order is the main one.

    For staff only: customers read the names on the page of the terms.
    """

    _name = "b2b.agreement.warehouse"
    _description = "Warehouse of an Agreement"
    _order = "sequence, id"
    _rec_name = "warehouse_id"

    agreement_id = fields.Many2one("b2b.agreement", ondelete="cascade", index=True)
    template_id = fields.Many2one(
        "b2b.agreement.template", ondelete="cascade", index="btree_not_null"
    )
    sequence = fields.Integer(default=10)
    warehouse_id = fields.Many2one("stock.warehouse", required=True, ondelete="cascade")

    _one_owner = models.Constraint(
        "CHECK((agreement_id IS NULL) != (template_id IS NULL))",
        "A warehouse line belongs to an agreement or to a template.",
    )
    _agreement_unique = models.Constraint(
        "UNIQUE(agreement_id, warehouse_id)",
        "The agreement has this warehouse already.",
    )
    _template_unique = models.Constraint(
        "UNIQUE(template_id, warehouse_id)",
        "The template has this warehouse already.",
    )

    def init(self):
        """Give agreements that knew one warehouse only their first line."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO b2b_agreement_warehouse
                    (agreement_id, warehouse_id, sequence)
                SELECT agreement.id, agreement.warehouse_id, 10
                FROM b2b_agreement agreement
                WHERE agreement.warehouse_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM b2b_agreement_warehouse line
                    WHERE line.agreement_id = agreement.id
                )
                """
            )
        )

    @api.constrains("warehouse_id", "agreement_id", "template_id")
    def _check_company(self, fnames=None):
        for line in self:
            owner = line.agreement_id or line.template_id
            if line.warehouse_id.company_id != owner.company_id:
                raise ValidationError(
                    self.env._(
                        "Warehouse %(warehouse)s belongs to %(company)s.",
                        warehouse=line.warehouse_id.name,
                        company=line.warehouse_id.company_id.name,
                    )
                )

    # === OWN PRICE LISTS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.agreement_id._b2b_region_changed("warehouse")
        return lines

    def write(self, vals):
        agreements = self.agreement_id
        result = super().write(vals)
        (agreements | self.agreement_id)._b2b_region_changed("warehouse")
        return result

    def unlink(self):
        agreements = self.agreement_id
        result = super().unlink()
        agreements.exists()._b2b_region_changed("warehouse")
        return result
