# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class B2bSearchGapCure(models.TransientModel):
    """The one question of a cure."""

    _name = "b2b.search.gap.cure"
    _description = "Cure of a Search without Results"

    gap_id = fields.Many2one("b2b.search.gap", required=True, ondelete="cascade")
    query = fields.Char(related="gap_id.query")
    kind = fields.Selection(
        [("synonym", "Synonym"), ("redirect", "Redirect")],
        required=True,
        readonly=True,
    )
    to_text = fields.Char("Finds what this finds")
    url = fields.Char(
        "Leads to", help="An address of the shop, such as /shop/category/12"
    )
    preview = fields.Char(compute="_compute_preview")

    @api.depends("to_text", "kind")
    def _compute_preview(self):
        """How many goods the other word finds: a synonym of nothing cures nothing."""
        for cure in self:
            cure.preview = False
            if cure.kind == "synonym" and cure.to_text:
                _analysis, matches = self.env["b2b.search.engine"]._search(cure.to_text)
                names = (
                    self.env["product.template"]
                    .browse(
                        sorted(matches.scores, key=matches.scores.get, reverse=True)[:3]
                    )
                    .mapped("name")
                )
                cure.preview = self.env._(
                    "Products: %(number)s. %(names)s",
                    number=len(matches.scores),
                    names="; ".join(names),
                )

    def action_apply(self):
        """Make the synonym or the rule, and take the query out of the queue."""
        self.ensure_one()
        if self.kind == "synonym":
            self._make_synonym()
        else:
            self._make_redirect()
        self.gap_id.state = self.kind
        return {"type": "ir.actions.act_window_close"}

    def _make_synonym(self):
        if not self.to_text:
            raise UserError(self.env._("Enter a word of the catalogue."))
        self.env["b2b.search.synonym"].create(
            {"source": self.query, "target": self.to_text}
        )

    def _make_redirect(self):
        url = (self.url or "").strip()
        if not url.startswith("/") or url[1:2] in ("/", "\\"):
            raise UserError(self.env._("Enter an address of the shop: /shop/…"))
        self.env["b2b.search.rule"]._make_redirect(
            self.query, url, self.gap_id.website_id
        )
