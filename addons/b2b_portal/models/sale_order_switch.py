# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import urlencode

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class SaleOrder(models.Model):
    """A cart moves to another agreement of its legal entity."""

    _inherit = "sale.order"

    # === REPAIRS OF CHECKS === #

    @api.model
    def _b2b_fix(self, label, url, method="get", values=None):
        """One button that repairs what a row of :meth:`_b2b_get_checks` is about.

        Rows hold a list of these under ``fixes``; the pages of the cart show them.

        :param str label: text of the button
        :param str url: a path of the portal
        :param str method: 'get' (a link) or 'post'
        :param dict values: what is posted, or the query of the link
        """
        if values:
            url = f"{url}?{urlencode(values)}"
        return {"label": label, "url": url, "method": method}

    def _b2b_get_checks(self):
        """Offer other agreements where the cart's own takes no orders."""
        checks = super()._b2b_get_checks()
        for check in checks:
            if check["code"] == "agreement" and not check.get("fixes"):
                check["fixes"] = self._b2b_get_agreement_fixes()
        return checks

    def _b2b_get_agreement_fixes(self):
        """Buttons that move the cart (single) to each agreement that is open."""
        if not self.id or not self._b2b_filtered("write"):
            return []
        fixes = [
            self._b2b_fix(
                self.env._("Move to “%(name)s”", name=agreement.name),
                f"/my/carts/{self.id}/agreement",
                "post",
                {"agreement_id": agreement.id},
            )
            for agreement in self._b2b_get_agreements() - self.b2b_agreement_id
        ]
        if len(fixes) > 1:
            url = f"/my/carts/{self.id}/compare"
            fixes.append(self._b2b_fix(self.env._("Compare them"), url))
        return fixes

    # === SWITCH === #

    def _b2b_get_agreements(self):
        """Agreements of its legal entity that the cart (single) may be ordered under.

        :return: ``b2b.agreement`` in sudo: open today, of the cart's company, and
            seen by the current user
        """
        self.ensure_one()
        Agreement = self.env["b2b.agreement"].sudo(False)
        domain = (
            Agreement._get_usable_domain()
            & Domain("entity_id", "=", self.b2b_entity_id.id)
            & Domain("company_id", "=", self.company_id.id)
        )
        return Agreement.search(domain).sudo()

    def _b2b_get_manual_lines(self):
        """Lines of the cart (single) whose price staff have set by hand.

        A switch of the agreement takes the new agreement's price for them as well:
        the old one was given on the old terms, perhaps in another currency.
        """
        return self._get_update_prices_lines().filtered(
            lambda line: (
                line.product_id
                and self.currency_id.compare_amounts(
                    line.price_unit, line.technical_price_unit
                )
            )
        )

    def _b2b_move_to(self, agreement):
        """Put the cart (single, sudo with the member's uid) under an agreement.

        Price list, prices, taxes, currency, warehouse and payment terms follow. A
        second call finds the cart there and changes nothing.

        :param agreement: ``b2b.agreement`` (single)
        :return: (list of texts: what has changed, list of texts: what needs care)
        :raise AccessError: the role does not allow it
        :raise UserError: the cart is ordered, or the agreement is not one of those
            that it may be ordered under; nothing has changed
        """
        self.ensure_one()
        self._b2b_lock()
        self._b2b_check_cart_write()
        if self.b2b_agreement_id == agreement:
            return [], []
        if agreement not in self._b2b_get_agreements():
            raise UserError(
                self.env._("This cart cannot be ordered under the chosen agreement.")
            )
        before = self._b2b_get_terms()
        manual = [
            (line, self.currency_id.format(line.price_unit))
            for line in self._b2b_get_manual_lines()
        ]
        self.b2b_agreement_id = agreement
        self._recompute_prices()
        self._recompute_taxes()
        warnings = [
            self.env._(
                "%(product)s: the price %(old)s that your manager had set is replaced "
                "by the agreement's, %(new)s.",
                product=line.product_id.display_name,
                old=old,
                new=self.currency_id.format(line.price_unit),
            )
            for line, old in manual
        ]
        warnings += [check["message"] for check in self._b2b_get_line_checks()]
        changes = self._b2b_describe_move(before)
        self.message_post(
            body=self.env._("The cart has moved: %s", "; ".join(changes)),
            author_id=self.env.user.partner_id.id,
        )
        return changes, warnings

    def _b2b_get_terms(self):
        """Terms of the cart (single) that a move may change.

        :return: list of (label, text), in the order in which they are told
        """
        return [
            (self.env._("agreement"), self.b2b_agreement_id.name or "—"),
            (self.env._("total"), self.currency_id.format(self.amount_total)),
            (self.env._("payment"), self.payment_term_id.name or "—"),
            (self.env._("warehouse"), self.warehouse_id.name or "—"),
        ]

    def _b2b_describe_move(self, before):
        """What differs from the terms ``before``, of :meth:`_b2b_get_terms`."""
        return [
            f"{label} {old} → {new}"
            for (label, old), (_label, new) in zip(
                before, self._b2b_get_terms(), strict=True
            )
            if old != new
        ]
