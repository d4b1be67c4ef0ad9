# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class B2bEntityChange(models.Model):
    """A customer's wish to change requisites of a legal entity.

    Papers, invoices and contracts name the requisites: the seller's staff checks
    the new ones and applies or refuses them.
    """

    _name = "b2b.entity.change"
    _description = "Change of Requisites"
    _inherit = ["mail.thread", "b2b.scope.mixin"]
    _order = "id desc"
    _rec_name = "entity_id"

    entity_id = fields.Many2one(
        "res.partner",
        "Legal entity",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    account_id = fields.Many2one(related="entity_id.b2b_account_id", store=True)
    member_id = fields.Many2one("b2b.member", "Asked by", readonly=True)
    state = fields.Selection(
        [
            ("open", "Being checked"),
            ("applied", "Applied"),
            ("refused", "Refused"),
            ("replaced", "Replaced by a newer request"),
        ],
        default="open",
        required=True,
        readonly=True,
        tracking=True,
        index=True,
    )
    reason = fields.Char("Reason of the refusal", tracking=True)
    line_ids = fields.One2many("b2b.entity.change.line", "change_id", "Requisites")
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True)
    decided_at = fields.Datetime("Decided at", readonly=True)

    _open_unique = models.UniqueIndex(
        "(entity_id) WHERE state = 'open'",
        "A change of the requisites of this legal entity is being checked already.",
    )

    @api.model
    def _b2b_objects(self):
        return {"entity": Domain.TRUE}

    def _decide(self, state, **values):
        """Close the open ones of ``self`` (batch).

        :return: those that were open
        """
        self.check_access("write")
        self._b2b_lock()
        changes = self.sudo().filtered(lambda change: change.state == "open")
        changes.write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
            | values
        )
        return changes

    def action_apply(self):
        """Write the new requisites to the legal entities (batch)."""
        allowed = self.env["res.partner"]._b2b_get_requisite_fields()
        for change in self._decide("applied"):
            lines = change.line_ids.filtered(lambda ln: ln.field_name in allowed)
            change.entity_id.write(
                {line.field_name: line.new_value or False for line in lines}
            )
            change._tell_member(self.env._("The new requisites are in force."))

    def action_refuse(self):
        """Refuse the changes (batch); the reason is shown to the customer.

        :raise UserError: no reason is given
        """
        if not all(self.mapped("reason")):
            raise UserError(self.env._("Write the reason: the customer reads it."))
        for change in self._decide("refused"):
            change._tell_member(
                self.env._(
                    "The new requisites are not accepted: %(reason)s",
                    reason=change.reason,
                )
            )

    def _tell_member(self, text):
        """Send the decision on the change (single, sudo) to whoever asked for it."""
        if self.member_id:
            self.message_notify(
                partner_ids=self.member_id.partner_id.ids,
                subject=self.env._(
                    "Requisites of %(entity)s", entity=self.entity_id.name
                ),
                body=text,
            )


class B2bEntityChangeLine(models.Model):
    """One requisite: what it is and what it shall be."""

    _name = "b2b.entity.change.line"
    _description = "Changed Requisite"
    _inherit = ["b2b.scope.child.mixin"]
    _b2b_parent_field = "change_id"

    change_id = fields.Many2one(
        "b2b.entity.change", required=True, ondelete="cascade", index=True
    )
    field_name = fields.Char(required=True, readonly=True)
    label = fields.Char("Requisite", compute="_compute_label")
    old_value = fields.Char("Now", readonly=True)
    new_value = fields.Char("Asked for", readonly=True)

    @api.depends("field_name")
    @api.depends_context("lang")
    def _compute_label(self):
        labels = self.env["res.partner"]._b2b_get_requisite_labels()
        for line in self:
            line.label = labels.get(line.field_name, line.field_name)
