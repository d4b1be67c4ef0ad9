# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

NEAR = 0.85


class B2bSignal(models.Model):
    _inherit = "b2b.signal"

    kind = fields.Selection(
        selection_add=[("credit", "Limit is near")], ondelete={"credit": "cascade"}
    )


class B2bAccount(models.Model):
    _inherit = "b2b.account"

    def _b2b_collect_signals(self):
        """Add the credit lines of which more than 85 % are used."""
        rows = super()._b2b_collect_signals()
        lines = self.env["b2b.credit.line"].search(
            [("account_id", "in", self.ids), ("limit", ">", 0)]
        )
        for line in lines:
            if line.exposure <= NEAR * line.limit:
                continue
            text = self.env._(
                "%(agreement)s: %(used)s of %(limit)s used",
                agreement=line.agreement_id.name,
                used=line.currency_id.format(line.exposure),
                limit=line.currency_id.format(line.limit),
            )
            rows.append(
                self._prepare_signal(
                    line.account_id, "credit", line, text, fields.Datetime.now()
                )
            )
        return rows
