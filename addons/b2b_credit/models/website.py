# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.http import request


class Website(models.Model):
    _inherit = "website"

    def _b2b_get_figures(self, acting):
        """Add the free limit of the acting agreement, for those who may see it."""
        figures = super()._b2b_get_figures(acting)
        line = self.env["b2b.credit.line"].search_fetch(
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

    def _b2b_get_tiles(self):
        """Add the free limit of the acting agreement, with a bar of what is used."""
        tiles = super()._b2b_get_tiles()
        agreement = request.b2b.agreement
        line = self.env["b2b.credit.line"].search(
            [("agreement_id", "=", agreement.id)], limit=1
        )
        if line:
            currency = agreement.currency_id
            used = 100 * line.exposure / line.limit if line.limit else 100
            tiles.append(
                {
                    "code": "credit",
                    "icon": "credit-card",
                    "title": self.env._("Free limit"),
                    "value": currency.format(line.available),
                    "text": self.env._(
                        "of %(limit)s, %(agreement)s",
                        limit=currency.format(line.limit),
                        agreement=agreement.name,
                    ),
                    "url": "/my/invoices",
                    "sequence": 40,
                    "bar": max(0, min(100, round(used))),
                    "bar_label": self.env._("Used part of the limit"),
                    "kind": "danger" if used > 100 else False,
                }
            )
        return tiles
