# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which goods the visitor of a website sees."""

from odoo import api, models
from odoo.fields import Domain

from ..tools.assortment import Customer


class Website(models.Model):
    _inherit = "website"

    @api.model
    def _b2b_get_customer(self, agreement=None, account=None):
        """Whom goods are judged for on the visited website.

        :param agreement: ``b2b.agreement`` (at most one), with its account
        :param account: ``b2b.account`` (at most one), of a customer without an
            agreement
        :return: :class:`~..tools.assortment.Customer`; a guest without either
        """
        website = (self or self._b2b_get_visited()).sudo()
        agreement = agreement.sudo() if agreement else self.env["b2b.agreement"].sudo()
        account = agreement.account_id or (account and account.sudo()) or None
        return Customer(
            agreement=agreement.id or 0,
            account=account.id if account else 0,
            segment=account.segment_id.id or 0 if account else 0,
            website=website.id,
            company=website.company_id.id,
        )

    @api.model
    def _b2b_get_customers(self):
        """Whom the current user may be on the visited website.

        On a page, and in a job of a member, that is the acting agreement. Elsewhere
        (RPC) there is none: what is seen under any usable one is seen.

        :return: list of :class:`~..tools.assortment.Customer`, at least one; None for
            staff, who see everything
        """
        user = self.env.user
        if not user.share:
            return None
        # the visited website may have another user than this environment
        website = (self or self._b2b_get_visited()).with_env(self.env)
        if not website._b2b_is_member():
            return [website._b2b_get_customer()]
        if acting := website._b2b_get_current_acting():
            agreements, accounts = acting.agreement, acting.member.account_id
        else:
            agreements = website._b2b_get_agreements()
            accounts = self.env["b2b.member"]._get_own_accounts()
        customers = [website._b2b_get_customer(agreement) for agreement in agreements]
        others = accounts - agreements.account_id
        customers += [website._b2b_get_customer(account=account) for account in others]
        return customers or [website._b2b_get_customer()]

    @api.model
    def _b2b_get_assortments(self):
        """What the current user sees.

        :return: list of :class:`~..tools.assortment.Assortment`: goods seen in any of
            them are seen; empty: everything is
        """
        Rule = self.env["b2b.assortment"].sudo()
        if not self.env.user.share or not Rule._b2b_get_rules():
            return []
        found = [Rule._b2b_get_assortment(c) for c in self._b2b_get_customers()]
        return [] if any(a.get_domain().is_true() for a in found) else found

    def sale_product_domain(self):
        """Leave out what the assortment keeps from the visitor: core asks in sudo."""
        domain = Domain(super().sale_product_domain())
        visible = self.env["product.template"]._b2b_get_visitor_domain()
        return domain if visible.is_true() else domain & visible
