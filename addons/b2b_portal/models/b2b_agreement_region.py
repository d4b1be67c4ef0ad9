# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain


class B2bAgreement(models.Model):
    """The price region of an agreement: its factor and surcharge in the prices."""

    _inherit = "b2b.agreement"

    price_region_id = fields.Many2one(
        "b2b.price.region",
        "Region in force",
        compute="_compute_price_region_id",
        store=True,
        index="btree_not_null",
        tracking=True,
    )

    # The address is followed by res.partner.write: _b2b_region_changed.
    @api.depends(
        "region_source",
        "region_id",
        "entity_id",
        "company_id",
        "warehouse_id.b2b_price_region_id",
    )
    def _compute_price_region_id(self):
        Region = self.env["b2b.price.region"]
        by_address = self.filtered(lambda a: a.region_source == "delivery")
        found = {}
        for company, agreements in by_address.grouped("company_id").items():
            addresses = agreements._b2b_get_delivery_addresses()
            regions = Region._find_by_address(company, addresses.values())
            found |= {a: regions[addresses[a]] for a in agreements}
        for agreement in self:
            region = {
                "fixed": agreement.region_id,
                "warehouse": agreement.warehouse_id.sudo().b2b_price_region_id,
                "delivery": found.get(agreement),
            }.get(agreement.region_source)
            agreement.price_region_id = (region or Region).filtered("active")

    def _b2b_get_delivery_addresses(self):
        """Where goods of the agreements (batch) go unless the buyer says otherwise.

        The address with this default agreement, else the first delivery address of
        the legal entity, else the entity's own.

        :return: dict agreement -> ``res.partner`` (single, sudo)
        """
        entities = self.sudo().entity_id
        children = self.env["res.partner"].sudo().with_context(active_test=True)
        children = children.search(
            [("parent_id", "in", entities.ids), ("type", "=", "delivery")], order="id"
        )
        by_entity = children.grouped("parent_id")
        addresses = {}
        for agreement in self:
            entity = agreement.sudo().entity_id
            mine = by_entity.get(entity, children.browse())
            own = mine.filtered(lambda p, a=agreement: p.b2b_agreement_id == a._origin)
            addresses[agreement] = own[:1] or mine[:1] or entity
        return addresses

    def _b2b_region_changed(self, source):
        """What decides on the region of agreements (batch) has changed.

        :param str source: only agreements whose region comes from this
        """
        agreements = self.sudo().filtered(lambda a: a.region_source == source)
        agreements._b2b_refresh_region()

    def _b2b_refresh_region(self):
        """Find the regions of the agreements (batch) anew, then their prices."""
        self.env.add_to_compute(self._fields["price_region_id"], self)
        self._update_own_pricelist()

    # === HOOKS OF THE PRICE === #

    @api.model
    def _get_price_fields(self):
        return super()._get_price_fields() | {
            "region_source",
            "region_id",
            "entity_id",
            "company_id",
            "is_pickup",
            "warehouse_id",
        }

    def _get_price_factor(self):
        return super()._get_price_factor() + self.sudo().price_region_id.price_factor

    def _get_weight_surcharge(self):
        surcharge = super()._get_weight_surcharge()
        region = self.sudo().price_region_id
        if not region.weight_surcharge or self.is_pickup:
            return surcharge
        with self.env["res.currency"]._b2b_rates(self.sudo()._b2b_get_rates()):
            amount = region.currency_id._convert(
                region.weight_surcharge,
                self.currency_id,
                self.company_id,
                fields.Date.context_today(self),
                round=False,
            )
        return surcharge + self._b2b_per_weight_unit(amount)

    @api.model
    def _b2b_per_weight_unit(self, amount):
        """An amount per kilogram as one per unit of the products' weight."""
        Template = self.env["product.template"]
        unit = Template._get_weight_uom_id_from_ir_config_parameter()
        kilogram = self.env.ref("uom.product_uom_kgm")
        return kilogram._compute_price(amount, unit) if unit != kilogram else amount

    @api.model
    def _cron_refresh_surcharges(self):
        """Convert the surcharges of regions at today's rates, nightly."""
        surcharge = Domain("price_region_id.weight_surcharge", ">", 0)
        agreements = self.search(surcharge & Domain("state", "!=", "expired"))
        agreements.filtered(
            lambda a: a.currency_id != a.price_region_id.currency_id
        )._update_own_pricelist()

    def _b2b_get_region_text(self):
        """What the region of the agreement (single) does to prices, in words."""
        region = self.sudo().price_region_id
        if region and self.is_pickup and region.weight_surcharge:
            return self.env._(
                "%(region)s (no delivery surcharge: you fetch the goods)",
                region=region.name,
            ) + (f", {region.price_factor:+g} %" if region.price_factor else "")
        return region._get_text()
