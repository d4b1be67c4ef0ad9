# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command, api, fields, models

# Days that the history reaches back.
HISTORY_DAYS = 340
# The quantities of one product are not the same every time: factors, in turn.
SWING = (1, 1, 1.5, 1, 0.5, 1)


class B2bDemo(models.AbstractModel):
    """A year of orders, as a shop carries them over from its former system."""

    _inherit = "b2b.demo"

    @api.model
    def _setup_history(self):
        """Confirmed orders of demo/order_history_demo.csv: delivered and invoiced
        elsewhere, so without transfers and invoices here.
        """
        company = self._ref("company_demo")
        orders = self.env["sale.order"].with_company(company)
        orders = orders.with_context(tracking_disable=True, lang="ru_RU")
        history = {
            key: lines
            for key, lines in sorted(self._get_history().items(), reverse=True)
            if not self._ref(self._get_past_name(*key))
        }
        created = orders.create(
            [self._prepare_past_order(*key, lines) for key, lines in history.items()]
        )
        now = fields.Datetime.now()
        for key, order in zip(history, created, strict=True):
            self._bind(self._get_past_name(*key), order)
            moment = now - timedelta(days=key[0])
            order.write(
                {
                    "date_order": moment,
                    "b2b_submitted_at": moment,
                    "state": "sale",
                    "locked": True,
                }
            )
        for line in created.order_line:
            quantity = line.product_uom_qty
            line.write({"qty_delivered": quantity, "qty_invoiced": quantity})

    @api.model
    def _get_past_name(self, days, agreement, _member):
        return f"order_history_{agreement.removeprefix('agreement_')}_{days}"

    @api.model
    def _get_history(self):
        """What was bought when.

        :return: dict (days ago, agreement, member) -> list of values of lines
        """
        found = {}
        for row in self._rows("order_history_demo.csv"):
            product = self._ref(row["template"]).product_variant_id
            product = product or self._get_archived(row["template"])
            uom = self._ref(row["uom"]) if row["uom"] else product.uom_id
            every, ago = int(row["every"]), int(row["ago"])
            for number, days in enumerate(range(ago, HISTORY_DAYS, every)):
                quantity = float(row["quantity"]) * SWING[number % len(SWING)]
                key = days, row["agreement"], row["member"]
                found.setdefault(key, []).append(
                    {
                        "product_id": product.id,
                        "product_uom_id": uom.id,
                        "product_uom_qty": max(1, round(quantity)),
                    }
                )
        return found

    @api.model
    def _get_archived(self, name):
        """The variant of an archived product."""
        template = self._ref(name).with_context(active_test=False)
        return template.product_variant_ids[:1]

    @api.model
    def _prepare_past_order(self, _days, agreement, member, lines):
        agreement, member = self._ref(agreement), self._ref(member)
        return {
            "company_id": self._ref("company_demo").id,
            "website_id": self.env.ref("website.default_website").id,
            "partner_id": agreement.entity_id.id,
            "user_id": self._ref("user_manager_demo").id,
            # from before the agreement: its credit line knows nothing of them
            "pricelist_id": agreement.pricelist_id.id,
            "b2b_member_id": member.id,
            "order_line": [Command.create(values) for values in lines],
        }
