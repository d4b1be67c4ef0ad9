# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

Command = fields.Command


class B2bAgreementChange(models.TransientModel):
    """Change ticked terms of many agreements at once: all of them, or none."""

    _name = "b2b.agreement.change"
    _description = "Change Agreements"

    agreement_ids = fields.Many2many(
        "b2b.agreement",
        string="Agreements",
        default=lambda self: self.env.context.get("active_ids"),
    )
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    currency_id = fields.Many2one("res.currency", compute="_compute_company_id")
    set_price_type = fields.Boolean("Change the price type")
    price_type_id = fields.Many2one(
        "product.pricelist",
        "Price type",
        domain="[('b2b_kind', '!=', False), ('b2b_agreement_id', '=', False)]",
    )
    set_discount = fields.Boolean("Change the discount")
    discount = fields.Float("Discount on the price type, %", digits="Discount")
    set_payment = fields.Boolean("Change the payment terms")
    payment_term_id = fields.Many2one("account.payment.term", "Payment terms")
    set_warehouses = fields.Boolean("Change the warehouses")
    warehouse_id = fields.Many2one("stock.warehouse", "Main warehouse")
    other_warehouse_ids = fields.Many2many(
        "stock.warehouse",
        string="Further warehouses",
        help="Asked in the order of the list of warehouses.",
    )
    set_delivery = fields.Boolean("Change the delivery method")
    carrier_id = fields.Many2one("delivery.carrier", "Delivery method")
    is_pickup = fields.Boolean("Pick-up by the customer")
    set_minimum = fields.Boolean("Change the minimum order")
    min_order_amount = fields.Monetary("Minimum order")
    set_region = fields.Boolean("Change the price region")
    region_source = fields.Selection(
        selection=lambda self: self.env["b2b.agreement"]
        ._fields["region_source"]
        ._description_selection(self.env),
        string="Price region by",
        default="none",
    )
    region_id = fields.Many2one("b2b.price.region")
    set_loyalty = fields.Boolean("Change the bonus programme")
    has_loyalty = fields.Boolean("Takes part in the bonus programme")
    set_date_end = fields.Boolean("Change the last day")
    date_end = fields.Date("Valid until", help="Empty: open-ended.")
    change_count = fields.Integer("Agreements that change", compute="_compute_preview")
    same_count = fields.Integer("Have these terms already", compute="_compute_preview")
    idle_names = fields.Text("Not active", compute="_compute_preview")

    @api.depends("agreement_ids")
    def _compute_company_id(self):
        for wizard in self:
            agreements = wizard.agreement_ids
            companies, currencies = agreements.company_id, agreements.currency_id
            wizard.company_id = companies if len(companies) == 1 else False
            wizard.currency_id = currencies if len(currencies) == 1 else False

    @api.model
    def _get_changes(self):
        """Switches and the fields of an agreement that they change; a hook."""
        return {
            "set_price_type": ["price_type_id"],
            "set_discount": ["discount"],
            "set_payment": ["payment_term_id"],
            "set_delivery": ["carrier_id", "is_pickup"],
            "set_minimum": ["min_order_amount"],
            "set_region": ["region_source", "region_id"],
            "set_loyalty": ["has_loyalty"],
            "set_date_end": ["date_end"],
        }

    @api.depends(lambda self: self._get_preview_depends())
    def _compute_preview(self):
        for wizard in self:
            agreements = wizard.agreement_ids
            changed = agreements.filtered(wizard._differs)
            idle = agreements.filtered(lambda a: a.state != "active")
            states = dict(agreements._fields["state"]._description_selection(self.env))
            wizard.change_count = len(changed)
            wizard.same_count = len(agreements - changed)
            wizard.idle_names = "\n".join(
                f"{agreement.display_name} ({agreement.entity_id.name}): "
                f"{states[agreement.state].lower()}"
                for agreement in idle
            )

    @api.model
    def _get_preview_depends(self):
        names = {"agreement_ids", "set_warehouses", "warehouse_id"}
        names.add("other_warehouse_ids")
        for switch, fields_changed in self._get_changes().items():
            names |= {switch, *fields_changed}
        return sorted(names)

    def _get_names(self):
        """Fields of the agreement that are ticked (single)."""
        return [
            name
            for switch, names in self._get_changes().items()
            if self[switch]
            for name in names
        ]

    def _differs(self, agreement):
        """Whether the ticked terms are new to an agreement (single)."""
        if any(self[name] != agreement[name] for name in self._get_names()):
            return True
        return bool(
            self.set_warehouses
            and agreement._b2b_get_warehouses().ids != self._get_warehouses().ids
        )

    def _get_warehouses(self):
        """The chosen warehouses (single) by priority."""
        return self.warehouse_id | self.other_warehouse_ids._origin

    def action_apply(self):
        """Write the ticked terms into the agreements that differ.

        :raise UserError: nothing is ticked or a term is missing; nothing has changed
        """
        self.ensure_one()
        self._check_choice()
        changed = self.agreement_ids.filtered(self._differs)
        changed.write(self._prepare_changes())
        text = self.env._("Agreements changed: %(count)s", count=len(changed))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": text,
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _check_choice(self):
        """:raise UserError: nothing is ticked, or a term is missing"""
        if not self._get_names() and not self.set_warehouses:
            raise UserError(self.env._("Tick what is to be changed."))
        if self.set_price_type and not self.price_type_id:
            raise UserError(self.env._("Choose the price type."))
        if self.set_warehouses and not self.warehouse_id:
            raise UserError(self.env._("Choose a warehouse."))
        if self.set_minimum and not self.currency_id:
            raise UserError(
                self.env._(
                    "The agreements are in several currencies: change the minimum "
                    "order of those of one currency."
                )
            )

    def _prepare_changes(self):
        """Values of the ticked terms (single)."""
        values = {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in self._get_names()
        }
        if self.set_warehouses:
            lines = [
                {"warehouse_id": warehouse.id, "sequence": number}
                for number, warehouse in enumerate(self._get_warehouses())
            ]
            values["warehouse_line_ids"] = [
                Command.clear(),
                *map(Command.create, lines),
            ]
        return values
