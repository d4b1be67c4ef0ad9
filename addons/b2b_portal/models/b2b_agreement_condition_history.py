# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class B2bAgreementConditionHistory(models.Model):
    """A change of a condition's percent. Never changed, and it outlives the row, the
    condition and the agreement: their names are kept.
    """

    _name = "b2b.agreement.condition.history"
    _description = "History of Discounts"
    _inherit = "b2b.scope.child.mixin"
    _order = "date desc, id desc"

    _b2b_parent_field = "agreement_id"

    date = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now, index=True
    )
    agreement_id = fields.Many2one(
        "b2b.agreement", readonly=True, ondelete="set null", index=True
    )
    agreement_name = fields.Char("Name of the agreement", readonly=True)
    entity_id = fields.Many2one(
        "res.partner", "Legal entity", readonly=True, ondelete="set null"
    )
    condition_id = fields.Many2one(
        "b2b.condition", readonly=True, ondelete="set null", index="btree_not_null"
    )
    name = fields.Char("Condition", required=True, readonly=True, translate=False)
    kind = fields.Char(readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    percent_old = fields.Float("Before, %", digits="Discount", readonly=True)
    percent_new = fields.Float("Discount, %", digits="Discount", readonly=True)
    value = fields.Float("Value reached", digits=(16, 2), readonly=True)
    is_measured = fields.Boolean(readonly=True)
    cause = fields.Selection(
        [
            ("value", "Value reached"),
            ("terms", "Condition changed"),
            ("ended", "Condition does not apply any more"),
            ("manual", "Set by the manager"),
            ("removed", "Removed by the manager"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Char(readonly=True, groups="base.group_user")
    user_id = fields.Many2one(
        "res.users",
        "By",
        readonly=True,
        ondelete="set null",
        groups="base.group_user",
    )

    def write(self, vals):  # pylint: disable=method-required-super
        self.check_access("write")
        raise UserError(self.env._("The history of discounts does not change."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The history of discounts does not change."))

    def _get_value_text(self):
        """The value reached (single, sudo) in words, or an empty text."""
        self.ensure_one()
        if not self.is_measured or self.kind not in ("tenure", "volume", "discipline"):
            return ""
        condition = self.condition_id
        if not condition:
            return self.env["b2b.agreement"]._b2b_format_number(self.value)
        return condition._b2b_format_value(self.value)
