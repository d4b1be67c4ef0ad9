# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.fields import Domain

from ..tools.code_file import article_keys

# A number that was noted on purpose goes before one that was picked up.
SOURCE_RANK = {"manual": 0, "import": 0, "seller": 1, "learned": 2}


class B2bAccount(models.Model):
    """The account's own article numbers for our goods."""

    _inherit = "b2b.account"

    code_ids = fields.One2many("b2b.customer.code", "account_id", "Own articles")
    code_count = fields.Integer("Own article numbers", compute="_compute_code_count")

    def _compute_code_count(self):
        counts = dict(
            self.env["b2b.customer.code"]._read_group(
                [("account_id", "in", self.ids)], ["account_id"], ["__count"]
            )
        )
        for account in self:
            account.code_count = counts.get(account, 0)

    def _b2b_get_codes_in_force(self, entity=None):
        """Numbers that hold for the account (at most one).

        :param entity: ``res.partner``: those of this legal entity too
        """
        entity_ids = [False, *(entity.ids if entity else ())]
        return Domain("account_id", "in", self.ids) & Domain(
            "entity_id", "in", entity_ids
        )

    def _b2b_may_read_codes(self):
        """Whether the user may see numbers of the account (single) at all."""
        Member = self.env["b2b.member"]
        return not Member._is_member(self.env.user) or Member._may(
            "customer_code", "read", account=self
        )

    def _b2b_get_customer_codes(self, products, entity=None):
        """How the account (single) calls goods: one query for any number of them.

        The entity's number goes before the account's, one entered before one learned,
        a newer one before an older one.

        :param products: product.product records
        :param entity: ``res.partner`` that the goods are for
        :return: dict product id -> number; goods without one are left out, and so are
            all where the user's role does not let them see numbers
        """
        if not self or not self._b2b_may_read_codes():
            return {}
        return self._b2b_map_codes(products, entity)

    def _b2b_map_codes(self, products, entity=None):
        """See :meth:`_b2b_get_customer_codes`, whoever the user is: for papers."""
        if not self or not products:
            return {}
        domain = self._b2b_get_codes_in_force(entity)
        codes = self.env["b2b.customer.code"].sudo()
        codes = codes.search_fetch(
            domain & Domain("product_id", "in", products.ids),
            ["product_id", "code", "entity_id", "source"],
            order="id desc",
        )
        found = {}
        for code in codes.sorted(
            lambda c: (not c.entity_id, SOURCE_RANK[c.source], -c.id)
        ):
            found.setdefault(code.product_id.id, code.code)
        return found

    def _b2b_find_codes(self, articles, entity=None):
        """What the account (single) means by articles: one query for any number.

        A number that fits exactly goes before one that differs by spaces and dashes,
        the entity's before the account's.

        :param articles: texts
        :param entity: ``res.partner`` that the order is for
        :return: dict article -> ``b2b.customer.code`` in sudo; several records: the
            article may mean any of their goods
        """
        keys = {article: article_keys(article) for article in articles}
        if not self or not keys or not self._b2b_may_read_codes():
            return {}
        domain = self._b2b_get_codes_in_force(entity)
        domain &= Domain("key", "in", [exact for exact, _loose in keys.values()]) | (
            Domain("loose_key", "in", [loose for _exact, loose in keys.values()])
        )
        codes = self.env["b2b.customer.code"].sudo().search(domain)
        by_key = codes.grouped("key")
        by_loose = codes.grouped("loose_key")
        found = {}
        for article, (exact, loose) in keys.items():
            fitting = by_key.get(exact) or by_loose.get(loose)
            if exact and fitting:
                found[article] = fitting.filtered("entity_id") or fitting
        return found

    def action_b2b_codes(self):
        """The list of the account's (single) numbers for the staff."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "b2b_portal.b2b_customer_code_action"
        )
        return action | {
            "domain": [("account_id", "=", self.id)],
            "context": {"default_account_id": self.id},
        }
