# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class SaleOrder(models.Model):
    """The order of a member: agreement, scope, submission and its papers."""

    _name = "sale.order"
    _inherit = ["sale.order", "b2b.scope.mixin"]

    _b2b_entity_path = "b2b_entity_id"
    _b2b_member_path = "b2b_member_id"

    b2b_entity_id = fields.Many2one(
        "res.partner",
        "Legal entity",
        compute="_compute_b2b_entity_id",
        store=True,
        index="btree_not_null",
    )
    b2b_account_id = fields.Many2one(
        related="b2b_entity_id.b2b_account_id", string="Customer account"
    )
    b2b_agreement_id = fields.Many2one(
        "b2b.agreement",
        "Agreement",
        index="btree_not_null",
        domain="[('entity_id', '=', b2b_entity_id), ('company_id', '=', company_id)]",
        tracking=True,
    )
    b2b_member_id = fields.Many2one(
        "b2b.member", "Ordered by", index="btree_not_null", copy=False
    )
    b2b_name = fields.Char("Cart name", copy=False)
    b2b_submitted_at = fields.Datetime("Submitted at", copy=False, readonly=True)

    @api.depends("partner_id.commercial_partner_id.b2b_account_id")
    def _compute_b2b_entity_id(self):
        for order in self:
            entity = order.partner_id.commercial_partner_id
            order.b2b_entity_id = entity if entity.b2b_account_id else False

    @api.constrains("b2b_agreement_id", "partner_id", "company_id")
    def _check_b2b_agreement(self):
        for order in self.filtered("b2b_agreement_id"):
            agreement = order.b2b_agreement_id.sudo()
            if agreement.entity_id != order.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "Agreement “%(agreement)s” belongs to %(entity)s, the order to "
                        "%(partner)s.",
                        agreement=agreement.name,
                        entity=agreement.entity_id.name,
                        partner=order.partner_id.name,
                    )
                )
            if agreement.company_id != order.company_id:
                raise ValidationError(
                    self.env._(
                        "Agreement “%(agreement)s” is one of %(company)s.",
                        agreement=agreement.name,
                        company=agreement.company_id.name,
                    )
                )

    # === TERMS OF THE AGREEMENT === #

    @api.onchange("partner_id")
    def _onchange_b2b_partner(self):
        entity = self.partner_id.commercial_partner_id
        if self.b2b_agreement_id.entity_id != entity:
            usable = entity.b2b_agreement_ids.filtered_domain(
                self.env["b2b.agreement"]._get_usable_domain()
                & Domain("company_id", "=", self.company_id.id)
            )
            self.b2b_agreement_id = usable.sorted("is_default", reverse=True)[:1]

    @api.depends("b2b_agreement_id")
    def _compute_pricelist_id(self):  # pylint: disable=missing-return
        ours = self.filtered(lambda o: o.b2b_agreement_id and o.state == "draft")
        super(SaleOrder, self - ours)._compute_pricelist_id()
        for order in ours:
            order.pricelist_id = order.b2b_agreement_id.sudo().pricelist_id

    @api.depends("b2b_agreement_id")
    def _compute_payment_term_id(self):  # pylint: disable=missing-return
        ours = self.filtered(lambda o: o.b2b_agreement_id.sudo().payment_term_id)
        super(SaleOrder, self - ours)._compute_payment_term_id()
        for order in ours:
            order.payment_term_id = order.b2b_agreement_id.sudo().payment_term_id

    @api.depends("b2b_agreement_id")
    def _compute_warehouse_id(self):  # pylint: disable=missing-return
        """A placed order keeps its warehouse, whoever its salesperson becomes."""
        placed = self.filtered(
            lambda o: o.b2b_agreement_id and o.ids and o.state not in ("draft", "sent")
        )
        ours = (self - placed).filtered(
            lambda o: o.b2b_agreement_id.sudo().warehouse_id
        )
        super(SaleOrder, self - placed - ours)._compute_warehouse_id()
        for order in ours:
            order.warehouse_id = order.b2b_agreement_id.sudo().warehouse_id

    def _compute_user_id(self):  # pylint: disable=missing-return
        super()._compute_user_id()
        forced = self.env.context.get("force_user_recomputation")
        for order in self.filtered("b2b_entity_id"):
            manager = order.b2b_entity_id.sudo().b2b_account_id.manager_id
            if manager and (forced or order.state != "draft" or not order.website_id):
                order.user_id = manager

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        values["b2b_agreement_id"] = self.b2b_agreement_id.id
        values["b2b_member_id"] = self.b2b_member_id.id
        return values

    @api.model
    def _get_invoice_grouping_keys(self):
        return [*super()._get_invoice_grouping_keys(), "b2b_agreement_id"]

    # === SCOPE === #

    @api.model
    def _b2b_objects(self):
        return {
            "cart": Domain("state", "=", "draft")
            & Domain("b2b_member_id", "!=", False),
            "order": Domain("state", "!=", "draft"),
        }

    # === SUBMISSION === #

    def _b2b_get_checks(self):
        """What stands between the cart (single) and a confirmed order.

        Addons extend the list.

        :return: list of dicts: code, severity ('error' or 'warning'), message; fixes
            (absent, or as of ``_b2b_get_fixes``)
        """
        self.ensure_one()
        checks = []
        if not self.order_line.filtered(lambda line: not line.display_type):
            checks.append(
                self._b2b_check_row("empty", self.env._("The cart is empty."))
            )
        agreement = self.b2b_agreement_id.sudo()
        if not agreement:
            message = self.env._("Choose an agreement for this cart.")
            checks.append(self._b2b_check_row("agreement", message))
        elif refusal := agreement._get_refusal():
            checks.append(self._b2b_check_row("agreement", refusal))
        checks += self._b2b_get_limit_checks()
        return checks + self._b2b_get_line_checks()

    @api.model
    def _b2b_check_row(self, code, message, severity="error"):
        """One row of :meth:`_b2b_get_checks`."""
        return {"code": code, "severity": severity, "message": message}

    def _b2b_get_line_checks(self):
        """Checks of the goods: still sold, with a price, right quantity, in stock."""
        self.ensure_one()
        lines = self.order_line.filtered(
            lambda line: line.product_id and not line.is_delivery
        )
        free = self._b2b_get_free(lines.product_id, lines)
        checks = []
        for line in lines:
            code, message = self._b2b_judge_line(line, free)
            if code:
                fixes = self._b2b_get_fixes(line, code)
                checks.append(self._b2b_check_row(code, message) | {"fixes": fixes})
        return checks

    def _b2b_judge_line(self, line, free):
        """Why the goods of a line cannot be ordered as they stand.

        :param dict free: as of :meth:`_b2b_get_free`; a product that lacks stock is
            taken out, to be reported once
        :return: (code, text for the customer); (None, None) where all is well
        """
        product = line.product_id
        name = product.display_name
        if not product.sale_ok or not product.active or not product.is_published:
            return "not_sold", self.env._(
                "%(product)s is no longer sold. Remove the line.", product=name
            )
        for judge in (self._b2b_judge_price, self._b2b_judge_quantity):
            code, message = judge(line)
            if code:
                return code, message
        missing = -free.get(product, 0.0)
        if product.uom_id.compare(missing, 0.0) > 0:
            del free[product]
            return "stock", self.env._(
                "%(product)s: %(missing)s %(unit)s are missing in stock. Order less.",
                product=name,
                missing=product.uom_id._b2b_format(missing),
                unit=product.uom_id.name,
            )
        return None, None

    def _b2b_submit(self):
        """Turn a member's cart (single, sudo) into a confirmed order.

        Idempotent: the second click finds a confirmed order and returns it.

        :raise AccessError: the role does not allow it
        :raise UserError: a check failed; nothing has changed
        """
        self.ensure_one()
        self._b2b_lock()
        if self.state == "sale":
            return self
        # two carts of one member, placed at once, share the limit per period
        self.b2b_member_id._b2b_lock()
        self._b2b_check("submit")
        errors = [c for c in self._b2b_get_checks() if c["severity"] == "error"]
        if errors:
            raise UserError("\n".join(check["message"] for check in errors))
        self.b2b_submitted_at = fields.Datetime.now()
        self.action_confirm()
        return self

    def _confirmation_error_message(self):
        """Refuse a confirmation that the agreement does not carry."""
        message = super()._confirmation_error_message()
        if not message and self.b2b_agreement_id:
            message = self.b2b_agreement_id.sudo()._get_refusal()
        return message

    # === PAPERS === #

    def _action_confirm(self):
        result = super()._action_confirm()
        self.env["b2b.document"]._record("proforma", self.filtered("b2b_entity_id"))
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self.env["b2b.document"]._cancel(self)
        return result

    def _prepare_b2b_document(self):
        """Registry values of the order's proforma invoice (single)."""
        self.ensure_one()
        return {
            "name": self.name,
            "date": fields.Date.context_today(self, self.date_order),
            "state": "valid",
            "entity_id": self.b2b_entity_id.id,
            "agreement_id": self.b2b_agreement_id.id,
            "member_id": self.b2b_member_id.id,
            "order_id": self.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "amount": self.amount_total,
        }

    def _b2b_document_changed_at(self):
        """When what the paper (single) shows last changed."""
        self.ensure_one()
        return max([self.write_date, *self.order_line.mapped("write_date")])
