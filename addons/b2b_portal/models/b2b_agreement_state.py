# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# What an agreement may become; an expired one is renewed by another one.
TRANSITIONS = {
    "draft": {"active"},
    "active": {"suspended", "expired"},
    "suspended": {"active", "expired"},
    "expired": set(),
}


def gives_nothing(item):
    """Whether a price rule makes the price of every product zero."""
    if item.applied_on != "3_global":
        return False
    if item.compute_price == "fixed":
        return item.fixed_price <= 0
    if item.compute_price == "percentage":
        return item.percent_price >= 100
    added = item.price_surcharge > 0 or item.price_min_margin > 0
    return item.price_discount >= 100 and not added


class B2bAgreement(models.Model):
    """States of an agreement, and what it needs to be active."""

    _inherit = "b2b.agreement"

    renewal_of_id = fields.Many2one(
        "b2b.agreement", "Renews", readonly=True, copy=False, index="btree_not_null"
    )
    renewal_ids = fields.One2many("b2b.agreement", "renewal_of_id", "Renewals")
    renewal_id = fields.Many2one(
        "b2b.agreement", "Renewed by", compute="_compute_renewal_id"
    )

    @api.depends("renewal_ids.state")
    def _compute_renewal_id(self):
        for agreement in self:
            renewals = agreement.renewal_ids.filtered(lambda a: a.state != "expired")
            agreement.renewal_id = renewals[:1]

    def write(self, vals):
        state = vals.get("state")
        changed = self.filtered(lambda a: state and a.state != state)
        changed._check_transition(state)
        result = super().write(vals)
        if state == "active":
            changed._check_can_activate()
        elif state == "expired":
            changed._b2b_hand_over_default()
        return result

    def _check_transition(self, state):
        """:raise UserError: an agreement (batch) cannot become ``state``"""
        names = dict(self._fields["state"]._description_selection(self.env))
        for agreement in self:
            if state not in TRANSITIONS[agreement.state]:
                text = self.env._(
                    "Agreement “%(name)s” is %(old)s: it cannot become %(new)s.",
                    name=agreement.name,
                    old=names[agreement.state].lower(),
                    new=names[state].lower(),
                )
                if agreement.state == "expired":
                    text += " " + self.env._("Renew it.")
                raise UserError(text)

    # === WHAT IT NEEDS === #

    def _check_can_activate(self):
        """:raise UserError: naming all that the agreements (batch) lack"""
        problems = [
            f"{agreement.display_name}: {problem}"
            for agreement in self
            for problem in agreement._get_activation_problems()
        ]
        if problems:
            raise UserError("\n".join(problems))

    def _get_activation_problems(self):
        """What stands between the agreement (single) and its being active.

        A hook for addons.

        :return: list of texts for staff
        """
        self.ensure_one()
        agreement = self.sudo()
        problems = [text for _code, text in agreement._get_archived_terms()]
        if not agreement._b2b_get_warehouses():
            problems.append(self.env._("choose a warehouse."))
        if not agreement.active:
            problems.append(self.env._("it is archived."))
        if not agreement.entity_id.active:
            problems.append(self.env._("the legal entity is archived."))
        today = fields.Date.context_today(self)
        if agreement.date_end and agreement.date_end < today:
            problems.append(self.env._("its last day has passed: renew it."))
        return problems + agreement._get_price_problems()

    def _get_price_problems(self):
        """Why the agreement (single, sudo) would have no price, or a zero one."""
        problems = []
        price_type = self.price_type_id
        if not price_type.b2b_kind or price_type.b2b_agreement_id:
            problems.append(
                self.env._("“%(name)s” is no price type.", name=price_type.name)
            )
        if price_type.company_id not in (self.company_id, self.env["res.company"]):
            problems.append(
                self.env._(
                    "price type “%(name)s” belongs to %(company)s.",
                    name=price_type.name,
                    company=price_type.company_id.name,
                )
            )
        if any(gives_nothing(item) for item in price_type.item_ids):
            problems.append(
                self.env._("price type “%(name)s” gives zero.", name=price_type.name)
            )
        rates = self._b2b_get_rates()
        for currency in self._b2b_get_needed_currencies():
            if currency.id not in rates:
                problems.append(
                    self.env._(
                        "there is no rate of %(currency)s to %(company)s.",
                        currency=currency.name,
                        company=self.company_id.currency_id.name,
                    )
                )
        if not self.currency_id.active:
            problems.append(
                self.env._("%(name)s is archived.", name=self.currency_id.name)
            )
        return problems

    def _get_archived_terms(self):
        """Terms of the agreement (single, sudo) that are archived.

        :return: list of (code, text for staff)
        """
        terms = [
            ("price_type", self.env._("price type"), self.price_type_id),
            ("warehouse", self.env._("warehouse"), self._b2b_get_warehouses()),
            ("carrier", self.env._("delivery method"), self.carrier_id),
            ("payment", self.env._("payment terms"), self.payment_term_id),
        ]
        return [
            (
                code,
                self.env._(
                    "%(term)s “%(name)s” is archived.", term=label, name=gone[0].name
                ),
            )
            for code, label, records in terms
            if (gone := records.filtered(lambda record: not record.active))
        ]

    def _get_refusal(self, date=None):
        """Refuse an agreement whose terms are withdrawn: there is no fallback."""
        refusal = super()._get_refusal(date)
        if refusal:
            if self.state == "suspended":
                return self.env._(
                    "Agreement “%(name)s” is suspended: no orders are taken. Choose "
                    "another one or ask your manager.",
                    name=self.name,
                )
            return refusal
        codes = [code for code, _text in self.sudo()._get_archived_terms()]
        texts = {
            "price_type": self.env._("the price type is withdrawn"),
            "warehouse": self.env._("a warehouse is closed"),
            "carrier": self.env._("the delivery method is no longer offered"),
            "payment": self.env._("the payment terms are withdrawn"),
        }
        if not codes:
            return False
        return self.env._(
            "Agreement “%(name)s”: %(reasons)s. Choose another agreement or ask your "
            "manager for new terms.",
            name=self.name,
            reasons=", ".join(texts[code] for code in codes),
        )

    # === END AND RENEWAL === #

    def action_close(self):
        """End the agreements (batch) today: nothing is ordered under them again."""
        self.write({"state": "expired"})

    def action_renew(self):
        """Ask for the new period of the agreement (single)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Renew the agreement"),
            "res_model": "b2b.agreement.renew",
            "view_mode": "form",
            "target": "new",
            "context": {"default_agreement_id": self.id},
        }

    def _b2b_renew(self, date_start, date_end, number=False):
        """Copy the agreement (single) with its special prices into a new period.

        The default goes over to the new one, at once or at the end of the old one.

        :return: the new agreement, active
        :raise UserError: what it lacks to be active; nothing has changed
        """
        self.ensure_one()
        renewed = self.copy(
            {
                "name": self.name,
                "number": number,
                "date_start": date_start,
                "date_end": date_end,
                "renewal_of_id": self.id,
                "is_default": False,
            }
        )
        renewed._b2b_copy_special_prices(self)
        renewed.state = "active"
        if self.state == "expired":
            self._b2b_hand_over_default()
        return renewed

    def _b2b_copy_special_prices(self, source):
        """Take over the special prices of another agreement (both single)."""
        items = source.sudo().pricelist_id.item_ids
        special = items.filtered(lambda item: not item._b2b_is_general())
        own = {"pricelist_id": self.sudo().pricelist_id.id}
        items.create([values | own for values in special.copy_data()])

    def _b2b_hand_over_default(self):
        """Make the renewals of ended default agreements (batch) the default ones."""
        for agreement in self.filtered("is_default"):
            renewal = agreement.renewal_id
            if renewal.state == "active":
                agreement.is_default = False
                self.env.flush_all()
                renewal.is_default = True

    @api.model
    def _b2b_get_expiring_domain(self, days):
        """Active agreements that end within some days."""
        today = fields.Date.context_today(self)
        last = fields.Date.add(today, days=days)
        return (
            Domain("state", "=", "active")
            & Domain("date_end", ">=", today)
            & Domain("date_end", "<=", last)
        )
