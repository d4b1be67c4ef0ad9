# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools.misc import formatLang

from ..tools.paginate import paginate

MAX_PRICE_DECIMALS = 5
# Heights on paper in millimetres, as measured on printed papers, rounded up.
PAGE_HEIGHT = 270
TITLE_HEIGHT = 27
BANK_HEIGHT = 17
FACT_HEIGHT = 4.1
TABLE_HEAD_HEIGHT = 9
CONTINUATION_HEIGHT = 7
ROW_HEIGHT = 4.4
TEXT_LINE_HEIGHT = 2.9
CLOSING_HEIGHT = 58
# Characters in a line of the column, rounded down.
FACT_CHARS = 90
ARTICLE_CHARS = 17
UNIT_CHARS = 12
NAME_CHARS = {7: 42, 8: 33, 9: 24}


class B2bPrintMixin(models.AbstractModel):
    """What the printed papers have in common: requisites, rows, totals.

    The texts come ready for print, so that the templates hold the layout only
    and addons change a figure in one place. Every method takes a single record,
    whose context says in which language to print.
    """

    _name = "b2b.print.mixin"
    _description = "Printed Paper"

    def _b2b_print_money(self, amount, currency):
        """An amount without the sign of its currency: 1 234,50."""
        return formatLang(self.env, amount, digits=currency.decimal_places)

    def _b2b_print_price(self, price, currency):
        """A price with as many decimals as it has, at least the currency's.

        Prices of small goods have more, and the reader multiplies.
        """
        least = currency.decimal_places
        decimals = f"{price:.{MAX_PRICE_DECIMALS}f}".rstrip("0").partition(".")[2]
        return formatLang(self.env, price, digits=max(least, len(decimals)))

    def _b2b_print_party(self, partner):
        """Name and requisites of a firm in one line, as contracts name it."""
        parts = [partner.name, *self._b2b_print_numbers(partner)]
        parts += [self._b2b_print_address(partner), partner.phone]
        return ", ".join(filter(None, parts))

    def _b2b_print_numbers(self, partner):
        """Numbers of a firm (list of texts), the tax number first. A hook."""
        numbers = []
        if partner.vat:
            numbers.append(self.env._("Tax ID %(number)s", number=partner.vat))
        if partner.company_registry:
            numbers.append(
                self.env._("company ID %(number)s", number=partner.company_registry)
            )
        return numbers

    def _b2b_print_address(self, partner):
        """Postal address of a partner in one line."""
        country = partner.country_id
        own = country == self.company_id.country_id
        parts = [
            partner.zip,
            False if own else country.name,
            partner.city,
            partner.street,
            partner.street2,
        ]
        return ", ".join(filter(None, parts))

    def _b2b_print_seller(self):
        """Our company as the paper's seller.

        :return: dict: company, party (text), bank (``res.partner.bank`` or empty);
            all in sudo: a customer who may read the paper may read whom to pay
        """
        company = self.company_id.sudo()
        return {
            "company": company,
            "party": self._b2b_print_party(company.partner_id),
            "bank": self._b2b_get_print_bank(company),
        }

    def _b2b_get_print_bank(self, company):
        """The account to pay to: the first one of the company. A hook."""
        return company.partner_id.bank_ids.filtered(
            lambda bank: not bank.company_id or bank.company_id == company
        )[:1]

    def _b2b_print_lang(self):
        """Language of the paper: the customer's."""
        customer = self.partner_id.commercial_partner_id
        return self.partner_id.lang or customer.lang or self.env.lang

    def _b2b_print_title(self):
        """Heading of the paper with its number and date."""
        raise NotImplementedError

    def _b2b_print_facts(self):
        """What the paper says above its table.

        :return: list of (label, text); rows without a text are left out
        """
        raise NotImplementedError

    def _b2b_print_rows(self):
        """Rows of the table.

        :return: list of dicts: ``kind`` 'goods' with number, article, name,
            quantity, unit, price, discount, tax, amount (texts); or 'section' or
            'note' with name
        """
        raise NotImplementedError

    def _b2b_print_totals(self):
        """Rows below the table.

        :return: list of dicts: label, value (texts), strong (bool)
        """
        raise NotImplementedError

    def _b2b_print_tax_totals(self, tax_totals, currency, included):
        """Totals with one row per tax group.

        :param dict tax_totals: of ``account.tax._get_tax_totals_summary``
        :param bool included: whether the prices hold the tax
        """
        money = self._b2b_print_money
        taxes = [
            {
                "label": self.env._("Including %(tax)s", tax=group["group_name"])
                if included
                else group["group_name"],
                "value": money(group["tax_amount_currency"], currency),
            }
            for subtotal in tax_totals["subtotals"]
            for group in subtotal["tax_groups"]
        ]
        total = tax_totals["total_amount_currency"]
        label = self.env._("Total, %(currency)s", currency=currency.name)
        strong = {"label": label, "value": money(total, currency), "strong": True}
        if included:
            return [strong, *taxes]
        untaxed = money(tax_totals["base_amount_currency"], currency)
        return [
            {"label": self.env._("Untaxed amount"), "value": untaxed},
            *taxes,
            strong,
        ]

    def _b2b_print_table(self, rows, facts, with_bank=False):
        """The table of the paper, broken into pages.

        :param list rows: see :meth:`_b2b_print_rows`
        :param list facts: see :meth:`_b2b_print_facts`
        :param bool with_bank: whether payment details stand above
        :return: dict: discount, tax (whether the column is shown), columns
            (number), pages (list of lists of rows)
        """
        discount = any(row.get("discount") for row in rows)
        tax = any(row.get("tax") for row in rows)
        columns = 7 + discount + tax
        opening = TITLE_HEIGHT + BANK_HEIGHT * with_bank + TABLE_HEAD_HEIGHT
        for _label, text in facts:
            if text:
                lines = -(-len(text) // FACT_CHARS)
                opening += FACT_HEIGHT + TEXT_LINE_HEIGHT * (lines - 1)
        slices = paginate(
            [self._b2b_print_row_height(row, columns) for row in rows],
            PAGE_HEIGHT - opening,
            PAGE_HEIGHT - CONTINUATION_HEIGHT - TABLE_HEAD_HEIGHT,
            CLOSING_HEIGHT,
        )
        return {
            "discount": discount,
            "tax": tax,
            "columns": columns,
            "pages": [rows[start:end] for start, end in slices],
        }

    def _b2b_print_row_height(self, row, columns):
        """Height of a table row on paper, in millimetres."""
        lines = max(
            -(-len(row["name"]) // NAME_CHARS[columns]),
            -(-len(row.get("article", "")) // ARTICLE_CHARS),
            -(-len(row.get("unit", "")) // UNIT_CHARS),
            row["name"].count("\n") + 1,
        )
        return ROW_HEIGHT + TEXT_LINE_HEIGHT * (lines - 1)

    def _b2b_print_count(self, rows, amount, currency):
        """'Items: 12, to the amount of …' for the line below the totals."""
        count = sum(row["kind"] == "goods" for row in rows)
        return self.env._(
            "Items: %(count)s, to the amount of %(amount)s",
            count=count,
            amount=currency.format(amount),
        )

    def _b2b_print_text_row(self, line):
        """A section or note as a row, or None for another kind of line."""
        kinds = {
            "line_section": "section",
            "line_subsection": "section",
            "line_note": "note",
        }
        kind = kinds.get(line.display_type)
        return kind and {"kind": kind, "name": line.name}

    def _b2b_print_goods_row(self, number, line, quantity, included):
        """A row of a line with a product, of an order or an invoice.

        :param float quantity: in the unit of the line
        :param bool included: whether to print prices with their tax
        """
        currency = line.currency_id
        product = line.product_id
        return {
            "kind": "goods",
            "number": number,
            "article": product.default_code or "",
            "name": product.name or line.name,
            "quantity": self.env["uom.uom"]._b2b_format(quantity),
            "unit": line.product_uom_id.name or "",
            "price": self._b2b_print_price(line.price_unit, currency),
            "discount": line.discount and f"{line.discount:g}",
            "tax": ", ".join(tax.invoice_label or tax.name for tax in line.tax_ids),
            "amount": self._b2b_print_money(
                line.price_total if included else line.price_subtotal, currency
            ),
        }

    def _b2b_print_tax_included(self, lines):
        """Whether the prices of ``lines`` hold their taxes."""
        taxes = lines.tax_ids
        return bool(taxes) and all(taxes.mapped("price_include"))
