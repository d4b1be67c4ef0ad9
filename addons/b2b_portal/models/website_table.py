# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Columns of the catalogue's table: which there are, which a member has chosen."""

from dataclasses import dataclass

from odoo import models
from odoo.http import request

from .b2b_table_setting import MAX_CODES, MAX_WIDTH, MIN_WIDTH

TABLE = "catalogue"
# Properties of a section that are shown before anybody chooses.
_USUAL_PROPERTIES = 2
_USUAL_WAREHOUSES = range(2, 4)


@dataclass(frozen=True)
class TableColumn:
    """A column that the visitor may have.

    ``kind``: 'text' (cells are of ``website._b2b_get_table_texts``) or the name of the
    cell in the template ``price_table_cell``; ``default``: shown to begin with;
    ``fixed``: always shown; ``pinned``: before all others and in sight when the table
    is scrolled; ``record_id``: of the property or warehouse that it is of; ``money``:
    the head names the currency; ``number``: figures stand at the right.
    """

    code: str
    label: str
    kind: str = "text"
    default: bool = True
    fixed: bool = False
    pinned: bool = False
    record_id: int = 0
    money: bool = False
    number: bool = False
    help: str = ""


class Website(models.Model):
    _inherit = "website"

    # === WHICH THERE ARE === #

    def _b2b_get_table_columns(self, section):
        """Columns of the catalogue's table for the visitor, by rights, in usual order.

        A hook: addons add theirs; the code of a column never changes.

        :param section: ``product.public.category`` (at most one), of the page
        :return: list of :class:`TableColumn`
        """
        env = self.env
        properties = section._b2b_get_configured("b2b_column_ids").with_env(env)
        stock = self._b2b_get_stock_columns()
        # my price is to be in sight on a small screen, too
        by_warehouse = any(c.kind == "warehouse" and c.default for c in stock)
        usual = 1 if by_warehouse else _USUAL_PROPERTIES
        columns = [
            TableColumn("article", env._("Article"), "article", pinned=True),
            TableColumn("name", env._("Name"), "name", fixed=True, pinned=True),
            TableColumn("picture", env._("Picture"), "picture", default=False),
            TableColumn("brand", env._("Brand"), default=False),
            TableColumn("own_code", env._("Own article"), default=False),
            TableColumn("barcode", env._("Barcode"), default=False),
        ]
        columns += [
            TableColumn(
                f"attribute_{attribute.id}",
                attribute.sudo().name,
                default=number < usual,
                record_id=attribute.id,
            )
            for number, attribute in enumerate(properties)
        ]
        prices = self._b2b_get_price_columns(bool(properties) + by_warehouse)
        return columns + stock + prices + self._b2b_get_order_columns()

    def _b2b_get_stock_columns(self):
        if not self._b2b_may_see("stock"):
            return []
        warehouses = request.b2b.agreement._b2b_get_warehouses()
        usual = len(warehouses) in _USUAL_WAREHOUSES
        label = self.env._("In stock")
        return [TableColumn("stock", label, "stock", number=True)] + [
            TableColumn(
                f"warehouse_{warehouse.id}",
                warehouse.name,
                "warehouse",
                default=usual,
                record_id=warehouse.id,
                number=True,
            )
            for warehouse in warehouses
        ]

    def _b2b_get_price_columns(self, crowded):
        """Columns of prices; the client mode has retail alone.

        :param int crowded: how much leaves less room: properties, warehouses
        """
        env, number = self.env, {"number": True}
        if not self._b2b_may_see("prices"):
            return []
        money = number | {"money": True}
        columns = [TableColumn("retail", env._("Retail"), "retail", **money)]
        if self._b2b_in_client_mode():
            return columns
        columns.append(
            TableColumn("price", env._("My price"), "price", fixed=True, **money)
        )
        if self._b2b_may_see("promotions"):
            label = env._("Special price")
            columns.append(
                TableColumn("special", label, "special", default=False, **money)
            )
        text = env._("Retail less my price, in % of retail")
        return [
            *columns,
            TableColumn(
                "margin",
                env._("Margin"),
                "margin",
                default=not crowded,
                help=text,
                **number,
            ),
            TableColumn(
                "step", env._("For more"), "step", default=crowded < 2, **number
            ),
        ]

    def _b2b_get_order_columns(self):
        """Unit, quantity and sum, for those who may order."""
        may = self.env["b2b.member"]._may("cart", "create", request.b2b.entity)
        if not may or not self._b2b_may_see("prices"):
            return []
        env = self.env
        columns = [
            TableColumn("unit", env._("Unit"), "unit", fixed=True),
            TableColumn(
                "quantity", env._("Quantity"), "quantity", fixed=True, number=True
            ),
        ]
        if not self._b2b_in_client_mode():
            columns.append(
                TableColumn("sum", env._("Sum"), "sum", number=True, money=True)
            )
        return columns

    # === WHICH ARE CHOSEN === #

    def _b2b_get_columns(self, section):
        """The table's columns as the visiting member has set them.

        :return: list of (:class:`TableColumn`, shown, width in pixels or 0), in order;
            a column that is new since then stands where it usually does
        """
        settings = self.env["b2b.table.setting"]
        known = settings._b2b_read(request.b2b.member, TABLE)
        columns = self._b2b_get_table_columns(section)
        places = {code: place for place, code in enumerate(known["order"])}
        keys, last = {}, -1
        for number, column in enumerate(columns):
            last = places.get(column.code, last)
            keys[column.code] = (not column.pinned, last, number)
        columns.sort(key=lambda column: keys[column.code])
        return [
            (
                column,
                column.fixed or known["shown"].get(column.code, column.default),
                known["widths"].get(column.code, 0),
            )
            for column in columns
        ]

    def _b2b_set_columns(self, section, order=None, shown=None, widths=None):
        """Keep what the visiting member has set; codes that are none are left out.

        What is set of other sections' columns stays.

        :param list order: codes
        :param dict shown: code -> bool
        :param dict widths: code -> pixels; 0: as wide as it needs to be
        """
        member, settings = request.b2b.member, self.env["b2b.table.setting"]
        codes = {column.code for column in self._b2b_get_table_columns(section)}
        known = settings._b2b_read(member, TABLE)
        if isinstance(order, list):
            wanted = [c for c in order[:MAX_CODES] if isinstance(c, str) and c in codes]
            wanted = list(dict.fromkeys(wanted))
            known["order"] = wanted + [c for c in known["order"] if c not in wanted]
        if isinstance(shown, dict):
            known["shown"] |= {
                code: bool(value) for code, value in shown.items() if code in codes
            }
        if isinstance(widths, dict):
            known["widths"] |= {
                code: self._b2b_clean_width(value)
                for code, value in widths.items()
                if code in codes
            }
        known["order"] = known["order"][:MAX_CODES]
        for name in ("shown", "widths"):
            known[name] = dict(list(known[name].items())[-MAX_CODES:])
        settings._b2b_write(member, TABLE, known)

    def _b2b_clean_width(self, value):
        """A width in pixels that a table can have; 0 for anything else."""
        if not isinstance(value, int) or value <= 0:
            return 0
        return min(max(value, MIN_WIDTH), MAX_WIDTH)

    # === VALUES OF THE PAGE === #

    def _b2b_get_catalogue(self, query, section):
        values = super()._b2b_get_catalogue(query, section)
        rows = [row for group in values["b2b_table"] for row in group["rows"]]
        values["b2b_unit_prices"] = request.b2b.agreement._b2b_get_table_prices(rows)
        if values["b2b_may_order"]:
            values["b2b_cart_choices"] = self._b2b_get_cart_choices(values["b2b_cart"])
        if values["b2b_view"] == "table":
            values |= self._b2b_get_table_values(rows, section)
        return values

    def _b2b_get_table_values(self, rows, section):
        """What the table asks beside the rows.

        :return: dict: b2b_columns (those shown), b2b_widths (by code),
            b2b_column_choices (all of them, with whether they are shown), b2b_texts (by
            code and product id), b2b_stock_time
        """
        chosen = self._b2b_get_columns(section)
        stepless = not any(row.next_step for row in rows)
        columns = [
            column
            for column, shown, _width in chosen
            if shown and not (column.code == "step" and stepless)
        ]
        return {
            "b2b_columns": columns,
            "b2b_widths": {column.code: width for column, _shown, width in chosen},
            "b2b_column_choices": [(column, shown) for column, shown, _width in chosen],
            "b2b_texts": self._b2b_get_table_texts(columns, rows),
            "b2b_stock_time": self._b2b_get_stock_time(),
        }

    def _b2b_get_table_texts(self, columns, rows):
        """Cells of the columns that are plain texts, in a few queries for the page.

        A hook: addons add the texts of their columns.

        :param list columns: :class:`TableColumn`, those shown
        :param list rows: ``PriceRow`` of variants
        :return: dict code -> dict product id -> text
        """
        products = self.env["product.product"].browse([row.product.id for row in rows])
        codes = {column.code for column in columns}
        texts = {}
        if "brand" in codes:
            # names of brands are on public pages
            texts["brand"] = {p.id: p.sudo().b2b_brand_id.name for p in products}
        if "barcode" in codes:
            texts["barcode"] = {p.id: p.sudo().barcode for p in products}
        if "own_code" in codes:
            texts["own_code"] = self._b2b_get_visitor_codes(products)
        wanted = {
            column.record_id: column.code
            for column in columns
            if column.code.startswith("attribute_")
        }
        if wanted and products:
            for product_id, properties in products._b2b_get_properties(wanted).items():
                for found in properties:
                    cells = texts.setdefault(wanted[found.attribute_id], {})
                    cells[product_id] = found.text
        return texts

    # === CARTS === #

    def _b2b_get_cart_choices(self, current):
        """Carts that filled rows may go to: those of the visitor under the agreement.

        :param current: ``sale.order`` (at most one), the first one
        :return: list of dicts: cart (``sale.order`` in sudo), text (what it holds)
        """
        Order = self.env["sale.order"].with_user(self.env.user)
        carts = Order.search_fetch(
            self._b2b_cart_domain_current(), order="write_date desc", limit=20
        )
        carts = carts._b2b_filtered("write").sudo()
        every = current | (carts - current)
        return [{"cart": cart, "text": self._b2b_get_cart_text(cart)} for cart in every]

    def _b2b_get_cart_text(self, cart):
        """'5 rows, 12 300.00' of a cart (single, sudo); no sum in the client mode."""
        lines = cart.order_line.filtered(
            lambda li: li.product_id and not li.is_delivery
        )
        count = len(lines)
        if self._b2b_in_client_mode():
            return self.env._("Rows: %s", count)
        amount = cart.currency_id.format(cart.amount_total)
        return self.env._("Rows: %(rows)s, %(amount)s", rows=count, amount=amount)
