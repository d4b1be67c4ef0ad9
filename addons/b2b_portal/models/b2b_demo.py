# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import csv
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.tools import file_open

MODULE = "b2b_portal"
VAT_PERCENT = 22.0
UNIT_NAMES = {
    "uom.product_uom_unit": "шт",
    "uom.product_uom_kgm": "кг",
    "uom.product_uom_meter": "м",
    "uom.product_uom_gram": "г",
    "uom.product_uom_ton": "т",
    "uom.product_uom_litre": "л",
    "uom.product_uom_milliliter": "мл",
    "uom.product_uom_kwh": "кВт·ч",
    "uom.product_uom_minute": "мин",
    "uom.product_uom_pack_6": "Упак 6 шт",
}
JOURNAL_NAMES = {
    "INV": "Счета покупателям",
    "BILL": "Счета поставщиков",
    "BNK1": "Банк",
    "CSH1": "Касса",
    "MISC": "Прочие операции",
    "EXCH": "Курсовые разницы",
    "CABA": "НДС по оплате",
    "STJ": "Оценка запасов",
}
# One row: xml id, agreement, member, days ago, what was done after the confirmation.
ORDERS = [
    ("order_north_dealer_demo", "agreement_north_dealer_demo",
     "member_north_buyer_demo", 48, {"ship", "invoice", "pay"}),
    ("order_stroydom_demo", "agreement_stroydom_demo",
     "member_stroydom_buyer_demo", 33, {"ship"}),
    ("order_north_wholesale_demo", "agreement_north_wholesale_demo",
     "member_north_buyer2_demo", 12, set()),
    ("order_north_logistics_demo", "agreement_north_logistics_demo",
     "member_north_head_demo", 5, set()),
]  # fmt: skip
# One row: xml id, the cart's name, days since the last change.
CARTS = [
    ("cart_parnas_demo", "Объект Парнас", 2),
    ("cart_regular_demo", "Склад, регулярная закупка", 1),
]


class B2bDemo(models.AbstractModel):
    """Demo data that XML and CSV cannot say: called by <function> in demo/*.xml.

    Every method may run again on a database that has the data: it then leaves
    what is there alone.
    """

    _name = "b2b.demo"
    _description = "Wholesale demo data"

    # === TOOLING === #

    def _ref(self, name):
        """The record of this addon's xml id `name`, or an empty value."""
        return self.env.ref(f"{MODULE}.{name}", raise_if_not_found=False)

    def _bind(self, name, record):
        """Give `record` the xml id `name` of this addon."""
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"{MODULE}.{name}", "record": record, "noupdate": True}]
        )

    def _read(self, name):
        """The bytes of demo/`name`."""
        with file_open(f"{MODULE}/demo/{name}", "rb") as source:
            return source.read()

    def _rows(self, name):
        """The rows of demo/`name` as dicts of strings, {column: text}."""
        with file_open(f"{MODULE}/demo/{name}") as source:
            return list(csv.DictReader(source))

    # === SELLER === #

    @api.model
    def _setup_company(self):
        """Choose or make the seller company, its chart, taxes and warehouse."""
        if self._ref("company_demo"):
            return
        self._setup_language()
        for xmlid in ("base.RUB", "base.USD", "base.CNY"):
            self.env.ref(xmlid).active = True
        company = self._get_seller()
        self._bind("company_demo", company)
        self._setup_books(company)
        warehouses = self.env["stock.warehouse"]
        warehouse = warehouses.search([("company_id", "=", company.id)], limit=1)
        warehouse = warehouse or warehouses.create({"company_id": company.id})
        self._bind("warehouse_podolsk", warehouse)

    def _setup_books(self, company):
        """Chart of accounts, currency, taxes and journals of a Russian company."""
        country = self.env.ref("base.ru")
        company.write({"country_id": country.id, "name": "ООО «Крепёж-Опт»"})
        if not company.chart_template:
            # not try_loading(): it warns while a module is being installed
            self.env["account.chart.template"]._load("generic_coa", company, False)
        company.write(
            {
                "currency_id": self.env.ref("base.RUB").id,
                "account_fiscal_country_id": country.id,
            }
        )
        self._archive_foreign_taxes(company)
        self._setup_taxes(company)
        self._setup_journals(company)

    def _setup_language(self):
        """Make Russian and English active, with their translations."""
        languages = self.env["res.lang"].with_context(active_test=False)
        languages = languages.search([("code", "in", ("ru_RU", "en_US"))])
        if not all(languages.mapped("active")):
            wizard = {"lang_ids": [Command.set(languages.ids)], "overwrite": False}
            self.env["base.language.install"].create(wizard).lang_install()

    def _get_seller(self):
        """The main company while nobody uses it, otherwise a new one."""
        company = self.env.ref("base.main_company")
        used = self.env["account.move.line"].search_count(
            [("company_id", "=", company.id)], limit=1
        )
        if not used and not self.env.ref("base.user_demo", raise_if_not_found=False):
            return company
        values = {
            "name": "ООО «Крепёж-Опт»",
            "currency_id": self.env.ref("base.RUB").id,
        }
        company = self.env["res.company"].create(values)
        users = self.env.ref("base.user_root") | self.env.ref("base.user_admin")
        users.write({"company_ids": [Command.link(company.id)]})
        return company

    def _archive_foreign_taxes(self, company):
        """Fiscal positions of the generic chart, and the taxes only they use."""
        domain = [("company_id", "=", company.id)]
        defaults = company.account_sale_tax_id | company.account_purchase_tax_id
        defaults.fiscal_position_ids = [Command.clear()]
        (self.env["account.tax"].search(domain) - defaults).active = False
        self.env["account.fiscal.position"].search(domain).active = False

    def _setup_taxes(self, company):
        """VAT included in the price, as the default of sales and purchases."""
        name = f"НДС {VAT_PERCENT:g}%"
        country = company.account_fiscal_country_id
        group = self.env["account.tax.group"].create(
            {"name": name, "company_id": company.id, "country_id": country.id}
        )
        for use in ("sale", "purchase"):
            field = f"account_{use}_tax_id"
            old = company[field]
            # a copy keeps the accounts of the chart's own tax
            tax = old.copy(
                {
                    "name": name,
                    "amount": VAT_PERCENT,
                    "country_id": country.id,
                    "tax_group_id": group.id,
                    "invoice_label": name,
                    "description": False,
                    "price_include_override": "tax_included",
                }
            )
            self._bind(f"tax_{use}_22_demo", tax)
            company[field] = tax
            self._replace_tax(use, old, tax)

    def _replace_tax(self, use, old, tax):
        """Put `tax` in the place of `old` on products and archive `old`."""
        field = "taxes_id" if use == "sale" else "supplier_taxes_id"
        templates = self.env["product.template"].with_context(active_test=False)
        commands = [Command.unlink(old.id), Command.link(tax.id)]
        templates.search([(field, "in", old.ids)]).write({field: commands})
        old.active = False

    def _setup_journals(self, company):
        """Russian names of the journals that the chart made."""
        domain = [("company_id", "=", company.id), ("code", "in", list(JOURNAL_NAMES))]
        for journal in self.env["account.journal"].search(domain):
            journal.with_context(lang="ru_RU").name = JOURNAL_NAMES[journal.code]

    @api.model
    def _setup_website(self):
        """The default website sells for the seller, in Russian first."""
        company = self._ref("company_demo")
        bank = self.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
        )
        bank.bank_account_id = self._ref("partner_bank_seller_demo")
        languages = self.env["res.lang"].search([("code", "in", ("ru_RU", "en_US"))])
        logo = base64.b64encode(self._read("logo.png"))
        company.logo = logo
        russian = languages.filtered(lambda language: language.code == "ru_RU")
        website = self.env.ref("website.default_website")
        website.write(
            {
                "name": "Крепёж-Опт",
                "company_id": company.id,
                "language_ids": [Command.set(languages.ids)],
                "default_lang_id": russian.id,
                "prevent_zero_price_sale": True,
                "homepage_url": "/shop",
                "logo": logo,
                # price lists hold prices with VAT, so the shop shows them so
                "show_line_subtotals_tax_selection": "tax_included",
            }
        )
        admin = self.env.ref("base.user_admin")
        admin.tz = admin.tz or "Europe/Moscow"

    # === GOODS === #

    @api.model
    def _setup_units(self):
        """Russian names of core's own units (their source stays English)."""
        for xmlid, name in UNIT_NAMES.items():
            self.env.ref(xmlid).with_context(lang="ru_RU").name = name

    @api.model
    def _setup_costs(self):
        """Costs in the seller's books, from demo/stock_demo.csv.

        Costs are per company, and a CSV of products can only write the main one's.
        """
        company = self._ref("company_demo")
        for row in self._rows("stock_demo.csv"):
            product = self._ref(row["template"]).product_variant_id
            # nothing is on stock yet: there is no value to revise
            product = product.with_context(disable_auto_revaluation=True)
            product.with_company(company).standard_price = float(row["cost"])

    @api.model
    def _setup_packagings(self):
        """Barcodes of packs and boxes, from demo/packaging_demo.csv."""
        packagings = self.env["product.uom"]
        known = set(packagings.search([("barcode", "!=", False)]).mapped("barcode"))
        packagings.create(
            [
                {
                    "product_id": self._ref(row["template"]).product_variant_id.id,
                    "uom_id": self._ref(row["uom"]).id,
                    "barcode": row["barcode"],
                    "company_id": False,
                }
                for row in self._rows("packaging_demo.csv")
                if row["barcode"] not in known
            ]
        )

    @api.model
    def _setup_stock(self):
        """Count both warehouses once, from demo/stock_demo.csv."""
        company = self._ref("company_demo")
        locations = {
            "podolsk": self._ref("warehouse_podolsk").lot_stock_id,
            "shushary": self._ref("warehouse_shushary").lot_stock_id,
        }
        quants = self.env["stock.quant"].with_company(company)
        location_ids = [location.id for location in locations.values()]
        if quants.search_count([("location_id", "in", location_ids)], limit=1):
            return
        values = [
            {
                "product_id": self._ref(row["template"]).product_variant_id.id,
                "location_id": location.id,
                "inventory_quantity": float(row[column]),
            }
            for row in self._rows("stock_demo.csv")
            for column, location in locations.items()
            if float(row[column])
        ]
        quants.create(values).action_apply_inventory()

    # === ORDERS === #

    def _prepare_order(self, name, agreement, member):
        """Values of a website order of `member` under `agreement`.

        The lines are the rows of demo/order_line_demo.csv with `order` = `name`.
        """
        lines = []
        for row in self._rows("order_line_demo.csv"):
            if row["order"] == name:
                product = self._ref(row["template"]).product_variant_id
                uom = self._ref(row["uom"]) if row["uom"] else product.uom_id
                line = {
                    "product_id": product.id,
                    "product_uom_id": uom.id,
                    "product_uom_qty": float(row["quantity"]),
                }
                lines.append(Command.create(line))
        return {
            "company_id": self._ref("company_demo").id,
            "website_id": self.env.ref("website.default_website").id,
            "partner_id": agreement.entity_id.id,
            "user_id": self._ref("user_manager_demo").id,
            "b2b_agreement_id": agreement.id,
            "b2b_member_id": member.id,
            "order_line": lines,
        }

    def _create_order(self, name, agreement, member, days, **values):
        """A draft order `days` old with the xml id `name`."""
        company = self._ref("company_demo")
        orders = self.env["sale.order"].with_company(company)
        orders = orders.with_context(tracking_disable=True, lang="ru_RU")
        values |= self._prepare_order(name, agreement, member)
        order = orders.create(values)
        order.date_order = fields.Datetime.now() - timedelta(days=days)
        self._bind(name, order)
        return order

    @api.model
    def _setup_orders(self):
        """A short history: confirmed orders, one of them delivered and invoiced."""
        for name, agreement, member, days, steps in ORDERS:
            if self._ref(name):
                continue
            order = self._create_order(
                name, self._ref(agreement), self._ref(member), days
            )
            placed = order.date_order
            order.b2b_submitted_at = placed
            order.action_confirm()
            order.date_order = placed
            if "ship" in steps:
                self._ship(order, placed + timedelta(days=2))
            if "invoice" in steps:
                self._invoice(order, placed + timedelta(days=2), "pay" in steps)
            # the papers were registered with today's dates
            registry = self.env["b2b.document"]
            registry._record("proforma", order)
            done = order.picking_ids.filtered(lambda p: p.state == "done")
            registry._record("waybill", done)

    def _ship(self, order, date):
        """Deliver everything of `order` at `date`."""
        for picking in order.picking_ids:
            picking.action_assign()
            for move in picking.move_ids:
                move.quantity = move.product_uom_qty
                move.picked = True
            # the contexts answer the questions that a person would be asked
            context = {"skip_backorder": True, "skip_sms": True}
            picking.with_context(**context).button_validate()
            picking.move_ids.date = date
            picking.date_done = date

    def _invoice(self, order, date, paid):
        """Invoice `order` at `date`; `paid`: 40 % of it came in two weeks."""
        invoice = order._create_invoices()
        invoice.invoice_date = date.date()
        invoice.action_post()
        if not paid:
            return
        journal = self.env["account.journal"].search(
            [("company_id", "=", order.company_id.id), ("type", "=", "bank")], limit=1
        )
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        values = {
            "amount": order.currency_id.round(invoice.amount_total * 0.4),
            "journal_id": journal.id,
            "payment_date": date.date() + timedelta(days=14),
        }
        register.create(values).action_create_payments()

    @api.model
    def _setup_carts(self):
        """Two named carts of the buyer under the dealer agreement."""
        agreement = self._ref("agreement_north_dealer_demo")
        member = self._ref("member_north_buyer_demo")
        for name, title, days in CARTS:
            if not self._ref(name):
                self._create_order(name, agreement, member, days, b2b_name=title)
