# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.http import request

MONTHS = 6


class Website(models.Model):
    """The desk of a member at /my: inbox, tiles, menu."""

    _inherit = "website"

    # === MENU === #

    def _b2b_get_menu(self):
        """Pages about the company, by the visitor's rights, in order.

        A hook for addons: each adds its rows to super's.

        :return: list of dicts: code, label, url, icon, sequence
        """
        may = self.env["b2b.member"]._may
        env = self.env
        rows = [
            (env._("Legal entities"), "entities", "entity", "building"),
            (env._("Members"), "members", "member", "users"),
            (env._("Roles"), "roles", "role", "key"),
            (env._("Founding papers"), "papers", "paper", "folder-open"),
            (env._("Contracts"), "contracts", "contract", "file-text"),
            (env._("Messages"), "messages", "conversation", "comments"),
        ]
        return [
            {
                "code": code,
                "label": label,
                "url": f"/my/{code}",
                "icon": icon,
                "sequence": 10 * number,
            }
            for number, (label, code, name, icon) in enumerate(rows, start=1)
            if may(name, "read")
        ]

    def _b2b_get_sorted_menu(self):
        """:meth:`_b2b_get_menu` in order."""
        return sorted(self._b2b_get_menu(), key=lambda row: row["sequence"])

    # === INBOX === #

    def _b2b_get_inbox(self):
        """Answers of the manager that the visitor has not read."""
        rows = super()._b2b_get_inbox()
        if not self.env["b2b.member"]._may("conversation", "read"):
            return rows
        unread = self.env["b2b.conversation"].search(
            [
                ("member_id.user_id", "=", self.env.uid),
                ("unread_member", ">", 0),
            ]
        )
        return rows + [
            {
                "code": "message",
                "icon": "comment",
                "title": self.env._("The manager has answered: %s", talk.name),
                "text": False,
                "url": f"/my/messages/{talk.id}",
                "button": self.env._("Read"),
                "date": talk.last_message_at,
                "priority": 30,
            }
            for talk in unread.sudo()
        ]

    # === TILES === #

    def _b2b_get_tiles(self):
        """Carts, orders under way, invoices and messages.

        Beside the keys of the hook a row may hold ``bar`` (percent, 0 to 100),
        ``spark`` (numbers, the oldest first) and ``kind`` (Bootstrap colour of the
        figure). The number of queries is constant.
        """
        may = self.env["b2b.member"]._may
        tiles = super()._b2b_get_tiles()
        if may("cart", "read"):
            tiles.append(self._get_cart_tile())
        if may("order", "read"):
            tiles.append(self._get_order_tile())
        if may("invoice", "read"):
            tiles.append(self._get_invoice_tile())
        if may("conversation", "read"):
            tiles.append(self._get_message_tile())
        return tiles

    def _b2b_format_sums(self, groups):
        """Sums per currency in words: '1 200 ₽ + 30 $'.

        :param groups: pairs of ``res.currency`` and amount
        """
        texts = [currency.format(amount) for currency, amount in groups if amount]
        return " + ".join(texts) or self.currency_id.format(0)

    def _get_cart_tile(self):
        Order = self.env["sale.order"]
        groups = Order._read_group(
            Order._b2b_cart_domain(self),
            ["currency_id"],
            ["amount_total:sum", "__count"],
        )
        count = sum(number for _currency, _total, number in groups)
        return {
            "code": "carts",
            "icon": "shopping-cart",
            "title": self.env._("Carts"),
            "value": str(count),
            "text": self._b2b_format_sums((row[0], row[1]) for row in groups),
            "url": "/my/carts",
            "sequence": 10,
        }

    def _get_order_tile(self):
        """Confirmed orders that are not shipped in full, and six months of sums."""
        Order = self.env["sale.order"]
        confirmed = Domain("state", "=", "sale") & Domain("b2b_entity_id", "!=", False)
        groups = Order._read_group(
            confirmed
            & Domain("delivery_status", "in", ("pending", "started", "partial")),
            ["currency_id"],
            ["amount_total:sum", "__count"],
        )
        count = sum(number for _currency, _total, number in groups)
        first = date.today().replace(day=1) - relativedelta(months=MONTHS - 1)
        months = Order._read_group(
            confirmed & Domain("date_order", ">=", first),
            ["date_order:month"],
            ["amount_total:sum"],
        )
        sums = {(month.year, month.month): total for month, total in months}
        steps = (first + relativedelta(months=step) for step in range(MONTHS))
        return {
            "code": "orders",
            "icon": "truck",
            "title": self.env._("Orders under way"),
            "value": str(count),
            "text": self._b2b_format_sums((row[0], row[1]) for row in groups),
            "url": "/my/orders",
            "sequence": 20,
            "spark": [sums.get((step.year, step.month), 0.0) for step in steps],
            "spark_label": self.env._("Orders by month, the last six"),
        }

    def _get_invoice_tile(self):
        """Unpaid invoices; the bar is the overdue part."""
        Move = self.env["account.move"]
        unpaid = (
            Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", ("not_paid", "partial"))
        )
        today = fields.Date.context_today(self)
        rows = Move._read_group(unpaid, ["currency_id"], ["amount_residual:sum"])
        late = Move._read_group(
            unpaid & Domain("invoice_date_due", "<", today),
            ["currency_id"],
            ["amount_residual:sum", "__count"],
        )
        tile = {
            "code": "invoices",
            "icon": "file-text-o",
            "title": self.env._("To pay"),
            "value": self._b2b_format_sums(rows),
            "text": self.env._("nothing is overdue"),
            "url": "/my/invoices",
            "sequence": 30,
        }
        if late:
            overdue = self._b2b_format_sums((row[0], row[1]) for row in late)
            tile["text"] = self.env._("overdue: %s", overdue)
            tile["kind"] = "danger"
            total = sum(amount for _currency, amount in rows)
            if len(rows) == 1 and total:
                tile["bar"] = round(100 * late[0][1] / total)
                tile["bar_label"] = self.env._("Overdue part")
        return tile

    def _get_message_tile(self):
        groups = self.env["b2b.conversation"]._read_group(
            [("state", "!=", "closed"), ("member_id.user_id", "=", self.env.uid)],
            [],
            ["__count", "unread_member:sum"],
        )
        count, unread = groups[0]
        return {
            "code": "messages",
            "icon": "comments",
            "title": self.env._("Messages"),
            "value": str(unread or 0),
            "text": self.env._("unread, open conversations: %s", count),
            "kind": "info" if unread else False,
            "url": "/my/messages",
            "sequence": 50,
        }

    def _b2b_get_home(self):
        """Values of the desk.

        :return: dict: inbox, tiles, menu, orders, documents (records in sudo)
        """
        may = self.env["b2b.member"]._may
        values = {
            "inbox": sorted(self._b2b_get_inbox(), key=lambda row: row["priority"]),
            "tiles": sorted(self._b2b_get_tiles(), key=lambda row: row["sequence"]),
            "menu": self._b2b_get_sorted_menu(),
            "b2b_manager": self._b2b_get_manager_card(request.b2b),
            "orders": self.env["sale.order"],
            "documents": self.env["b2b.document"],
        }
        if may("order", "read"):
            values["orders"] = self.env["sale.order"].search(
                [("state", "=", "sale")], order="date_order desc, id desc", limit=6
            )
        values["documents"] = values["documents"].search([], limit=6).sudo()
        values["orders"] = values["orders"].sudo()
        kinds = values["documents"]._fields["kind"]._description_selection(self.env)
        values["kind_names"] = dict(kinds)
        return values
