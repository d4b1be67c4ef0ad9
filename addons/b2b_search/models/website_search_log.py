# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Searches of the catalogue are counted, and a page that found nothing leads on."""

from odoo import models
from odoo.http import request

from ..tools.query_privacy import MAX_LENGTH


class Website(models.Model):
    _inherit = "website"

    def _b2b_get_catalogue(self, query, section):
        """Add ``b2b_search_token`` (of the search, for clicks) and
        ``b2b_search_gap`` (see :meth:`_b2b_get_search_gap`; None: goods were found for
        all words).
        """
        values = super()._b2b_get_catalogue(query, section)
        notes = values.get("b2b_search")
        token = gap = None
        if notes:
            token = self._b2b_note_search(query, values)
            if notes["dropped"] or not values["found"].total:
                gap = self._b2b_get_search_gap(query)
        return values | {"b2b_search_token": token, "b2b_search_gap": gap}

    def _b2b_note_search(self, query, values):
        """Count a search of the catalogue; its pages and filters are the same one."""
        analysis, matches = self.env["b2b.catalogue"]._get_matches(
            query.search, query.exact
        )
        return self.env["b2b.search.visit"]._note_search(
            query.search,
            values["found"].total,
            "section" if query.section else "catalogue",
            analysis=analysis,
            dropped=matches.dropped,
            shown=values["found"].ids,
            exact=query.exact,
            fresh=query.page == 1 and not query.is_filtered and not query.order,
        )

    def _b2b_get_search_gap(self, query):
        """What a member can do who has found nothing, or not all of it.

        :return: dict: can_order (text of staff, or None), may_ask (whether the visitor
            may write to the manager), subject and text (of the message), words
            (searches for each part of the query)
        """
        asked = self.env["b2b.search.visit"]._get_asked(query.search)
        account = request.b2b.member.account_id
        may_ask = self.env["b2b.member"]._may("conversation", "create", account=account)
        words = query.search.split()
        text = query.search[:MAX_LENGTH]
        return {
            "can_order": self.env["b2b.search.gap"]._get_answer(asked, self),
            "may_ask": may_ask,
            "subject": self.env._("Not found: %(text)s", text=text),
            "text": self.env._(
                "I was looking for «%(text)s» in the catalogue and have found nothing. "
                "Do you have it, or can you order it? Quantity: ",
                text=query.search,
            ),
            "words": [
                (word, query.change(search=word, exact=False))
                for word in words[:6]
                if len(words) > 1 and len(word) > 2
            ],
        }
