# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What rules of staff show around the goods of a search."""

from odoo import models


class Website(models.Model):
    _inherit = "website"

    def _b2b_get_search_notes(self, query, values):
        """Add ``banners``: dicts of html, image, url, over the list."""
        notes = super()._b2b_get_search_notes(query, values)
        provider = self.env["b2b.catalogue"]
        _analysis, matches = provider._get_matches(query.search, query.exact)
        ids = [rule.id for rule in matches.rules if rule.has_banner]
        rules = self.env["b2b.search.rule"].sudo().browse(ids)
        return notes | {"banners": rules._get_banners()}

    def _b2b_get_search_redirect(self, query):
        """The page that a rule shows in place of a search, or None.

        Only for a search as it was typed: whoever filters its list wants goods, and
        whoever insists on an exact search, too.
        """
        provider = self.env["b2b.catalogue"]
        if not query.search or query.exact or query.is_filtered or query.page > 1:
            return None
        if not provider._is_indexed():
            return None
        if not any(rule.redirect for rule in self.env["b2b.search.rule"]._get_rules()):
            return None
        _analysis, matches = provider._get_matches(query.search)
        found = (rule.redirect for rule in matches.rules if rule.redirect)
        return next(found, None)
