# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools.misc import format_date

Command = fields.Command


class B2bAgreement(models.Model):
    """Warehouses, payment, delivery and minimum order of an agreement."""

    _inherit = "b2b.agreement"

    company_id = fields.Many2one(tracking=True)
    contract_required = fields.Boolean(tracking=True)
    warehouse_line_ids = fields.One2many(
        "b2b.agreement.warehouse",
        "agreement_id",
        "Warehouses by priority",
        copy=True,
        groups="base.group_user",
        help="A line of an order is shipped from the first one that has all of it.",
    )
    warehouse_id = fields.Many2one(
        compute="_compute_warehouse_id",
        inverse="_inverse_warehouse_id",
        store=True,
        readonly=False,
        string="Main warehouse",
        help="The first of the warehouses.",
    )
    warehouse_names = fields.Char(
        "Warehouses",
        compute="_compute_warehouse_names",
        store=True,
        tracking=True,
    )
    template_id = fields.Many2one(
        "b2b.agreement.template",
        "Made from the template",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        groups="base.group_user",
    )

    _number_unique = models.UniqueIndex(
        "(company_id, lower(number)) WHERE number <> ''",
        "Another agreement of the company has this number.",
    )

    # === WAREHOUSES === #

    @api.depends("warehouse_line_ids.sequence", "warehouse_line_ids.warehouse_id")
    def _compute_warehouse_id(self):
        for agreement in self:
            warehouses = agreement.warehouse_line_ids.sorted("sequence").warehouse_id
            agreement.warehouse_id = warehouses[:1]

    # on its own: a value given for the main warehouse must not keep this one back
    @api.depends("warehouse_line_ids.sequence", "warehouse_line_ids.warehouse_id.name")
    def _compute_warehouse_names(self):
        for agreement in self:
            warehouses = agreement.warehouse_line_ids.sorted("sequence").warehouse_id
            agreement.warehouse_names = ", ".join(warehouses.mapped("name"))

    def _inverse_warehouse_id(self):
        """Make the warehouse the first one, in place of the one that was."""
        wishes = {agreement: agreement.warehouse_id for agreement in self}
        for agreement, warehouse in wishes.items():
            lines = agreement.warehouse_line_ids.sorted("sequence")
            known = lines.filtered(lambda li, w=warehouse: li.warehouse_id == w)
            if not warehouse:
                lines.unlink()
            elif not lines:
                values = {"warehouse_id": warehouse.id}
                agreement.warehouse_line_ids = [Command.create(values)]
            elif not known:
                lines[0].warehouse_id = warehouse
            elif known != lines[0]:
                known.sequence = lines[0].sequence - 1

    def _b2b_get_warehouses(self):
        """Warehouses of the agreement (at most one) by priority, in sudo.

        :return: ``stock.warehouse`` records, archived ones too; empty: the website's
        """
        if not all(self._ids):
            return self.sudo().warehouse_line_ids.sorted("sequence").warehouse_id
        lines = self.env["b2b.agreement.warehouse"].sudo()
        found = lines._b2b_keep(
            ("warehouses", *self._ids),
            lambda: self.sudo().warehouse_line_ids.sorted("sequence").warehouse_id.ids,
        )
        return self.env["stock.warehouse"].sudo().browse(found)

    def _b2b_get_free(self, products):
        """Free stock of the agreement (single): that of its best single warehouse.

        The number of queries does not depend on the products.

        :return: dict product -> quantity in its own unit; None: no warehouse is set
        """
        warehouses = self._b2b_get_warehouses()
        if not warehouses:
            return None
        free = products._b2b_get_free_by_warehouse(warehouses)
        return {product: max(free[product].values()) for product in products}

    # === NUMBER AND PRICES === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._b2b_clean_number(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._b2b_clean_number(vals))

    @api.model
    def _b2b_clean_number(self, vals):
        """Numbers without spaces around them, so that equal ones are equal."""
        if not vals.get("number"):
            return vals
        return vals | {"number": vals["number"].strip() or False}

    # === WORDS === #

    def _b2b_get_payment_text(self):
        """Payment terms of the agreement (single) in words, or an empty text."""
        term = self.sudo().payment_term_id
        parts = term._b2b_get_parts()
        text = term._b2b_get_parts_text(*parts) if term._b2b_is_simple() else ""
        return text or term.name or ""

    def _b2b_get_delivery_text(self):
        """How the goods of the agreement (single) reach the customer."""
        agreement = self.sudo()
        parts = [agreement.carrier_id.name]
        if agreement.is_pickup:
            parts = [self.env._("you fetch the goods yourselves")]
        if incoterm := agreement.incoterm_id:
            place = agreement.incoterm_location
            parts.append(" ".join(filter(None, (incoterm.code, place))))
        return ", ".join(filter(None, parts))

    def _b2b_get_days_left(self):
        """Days to the last day of the agreement (single); None: open-ended."""
        if not self.date_end:
            return None
        return (self.date_end - fields.Date.context_today(self)).days

    def _b2b_get_validity_text(self):
        """From when until when the agreement (single) holds, with the days left."""
        start = self.date_start and format_date(self.env, self.date_start)
        end = self.date_end and format_date(self.env, self.date_end)
        left = self._b2b_get_days_left()
        if left is None:
            if not start:
                return self.env._("open-ended")
            return self.env._("from %(start)s, open-ended", start=start)
        text = self.env._("until %(end)s", end=end)
        if start:
            text = self.env._("from %(start)s to %(end)s", start=start, end=end)
        if left < 0 or self.state == "expired":
            return self.env._("%(period)s, has ended", period=text)
        if not left:
            return self.env._("%(period)s, the last day is today", period=text)
        return self.env._("%(period)s, days left: %(days)s", period=text, days=left)

    def _b2b_get_terms(self):
        """All terms of the agreement (single, sudo) in words, for the customer.

        A hook for addons: each adds its rows to super's.

        :return: list of dicts: code, label, text; terms that are not set are left out
        """
        self.ensure_one()
        env = self.env
        minimum = self.min_order_amount
        rows = [
            ("payment", env._("Payment"), self._b2b_get_payment_text()),
            ("delivery", env._("Delivery"), self._b2b_get_delivery_text()),
            ("warehouses", env._("Shipped from"), self._b2b_get_warehouse_text()),
            (
                "minimum",
                env._("Minimum order"),
                minimum and self.currency_id.format(minimum),
            ),
            ("region", env._("Price region"), self._b2b_get_region_text()),
            ("validity", env._("Valid"), self._b2b_get_validity_text()),
        ]
        return [
            {"code": code, "label": label, "text": text}
            for code, label, text in rows
            if text
        ]

    def _b2b_get_warehouse_text(self):
        """'Podolsk, else Shushary' (single agreement)."""
        names = self._b2b_get_warehouses().mapped("name")
        return self.env._(", else ").join(names)
