# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain


class B2bConditionQueue(models.Model):
    """What the discounts have to be computed anew for.

    Events only insert here: posting an invoice waits for nothing and meets no other
    transaction. Rows of the same customer may pile up, the job reads them at once.
    """

    _name = "b2b.condition.queue"
    _description = "Conditions to compute"
    _log_access = False

    account_id = fields.Many2one("b2b.account", ondelete="cascade")
    agreement_id = fields.Many2one("b2b.agreement", ondelete="cascade")
    condition_id = fields.Many2one("b2b.condition", ondelete="cascade")

    @api.model
    def _add(self, accounts=None, agreements=None, conditions=None, kinds=None):
        """Have discounts computed soon after the transaction.

        :param accounts: all agreements of these customers
        :param kinds: only where a condition of one of these kinds exists
        :param conditions: all agreements that they may concern
        """
        if kinds is not None:
            known = self.env["b2b.condition"].sudo()
            if not known.search_count([("kind", "in", kinds)], limit=1):
                return
        vals_list = [
            {field: record.id}
            for field, records in (
                ("account_id", accounts),
                ("agreement_id", agreements),
                ("condition_id", conditions),
            )
            for record in records or ()
        ]
        if vals_list:
            self.sudo().create(vals_list)
            self.env.ref("b2b_portal.ir_cron_condition_queue").sudo()._trigger()

    def _get_agreements(self):
        """Agreements (sudo) that the rows (batch) ask for, those computed never or
        longest ago first.
        """
        rows = self.sudo()
        domain = Domain("account_id", "in", rows.account_id.ids)
        domain |= Domain("id", "in", rows.agreement_id.ids)
        conditions = rows.condition_id.with_context(active_test=False)
        domain |= Domain("company_id", "in", conditions.company_id.ids)
        return self.env["b2b.agreement"].sudo().search(domain, order="id")
