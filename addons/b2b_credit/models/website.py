# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class Website(models.Model):
    _inherit = "website"

    def _b2b_get_figures(self, acting):
        """Add the free limit of the acting agreement, for those who may see it."""
        figures = super()._b2b_get_figures(acting)
        line = self.env["b2b.credit.line"].search(
            [("agreement_id", "=", acting.agreement.id)], limit=1
        )
        if line:
            currency = acting.agreement.currency_id
            figures.append(
                {
                    "label": self.env._("Free limit"),
                    "value": currency.format(line.available),
                    "help": self.env._(
                        "Limit %(limit)s, used %(used)s",
                        limit=currency.format(line.limit),
                        used=currency.format(line.exposure),
                    ),
                }
            )
        return figures
