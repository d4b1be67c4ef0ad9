# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Prices from a table, judged row by row."""

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from ..tools.order_file import OrderFileError, normalise_article
from ..tools.price_file import parse_day, read_price_file

OUTCOMES = ("added", "changed", "unchanged", "rejected")
_OVERLAP_KEY = "b2b_portal.overlap"
# Prices that agree to this many digits are one price: a workbook keeps no more.
_DIGITS = 9


@dataclass
class PriceImportRow:
    """A row of a price file and what becomes of it.

    ``outcome`` is one of ``OUTCOMES``, ``text`` says why; ``item`` is the rule of the
    price list (empty: a new one), ``values`` what is written.
    """

    row: int
    article: str
    item: object
    values: dict
    outcome: str = "added"
    text: str = ""

    def reject(self, text):
        """Leave the row out, saying why."""
        self.outcome, self.text, self.values = "rejected", text, {}


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _b2b_import_prices(self, data, filename, allow_zero=False, apply=False):
        """Judge a table of prices for the list (single) and, if asked, write it.

        Every row of the file is in the answer: read = added + changed + unchanged +
        rejected. The number of queries does not depend on the number of rows, but for
        the batches in which the ORM writes.

        :param bytes data: XLSX, XLS or CSV
        :param allow_zero: take prices of zero
        :param apply: write; else nothing changes
        :return: list of :class:`PriceImportRow`
        :raise UserError: the file as a whole cannot be read; nothing has changed
        """
        self.ensure_one()
        try:
            read = read_price_file(data, filename)
        except OrderFileError as error:
            raise UserError(self._b2b_get_price_file_error(error)) from error
        rows = _PriceJudge(self, allow_zero).judge(read)
        if apply:
            Item = self.env["product.pricelist.item"]
            with Item._b2b_overlap_at_end():
                for row in rows:
                    if row.outcome == "changed":
                        row.item.write(row.values)
                Item.create([row.values for row in rows if row.outcome == "added"])
                Item.flush_model()
        return rows

    @api.model
    def _b2b_get_price_file_error(self, error):
        """What is said of a file that cannot be read."""
        if error.code == "no_columns":
            return self.env._(
                "No columns with articles and prices were found. Export the price list "
                "and fill in that file."
            )
        if error.code == "no_rows":
            return self.env._("The file has no rows below its head.")
        return self.env["b2b.cart.import"]._get_file_error_text(error)


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    @api.model
    @contextmanager
    def _b2b_overlap_at_end(self):
        """Look for overlapping rules once, when the block ends, for all of them."""
        cache = self.env.cr.cache
        changed = cache.setdefault(_OVERLAP_KEY, set())
        try:
            yield
        finally:
            cache.pop(_OVERLAP_KEY, None)
        self.browse(changed)._b2b_refuse_overlap()

    def _b2b_refuse_overlap(self):  # pylint: disable=missing-return
        changed = self.env.cr.cache.get(_OVERLAP_KEY)
        if changed is None:
            super()._b2b_refuse_overlap()
        else:
            changed.update(self.ids)


class _PriceJudge:
    """Judges the rows of one file; reads what it needs once."""

    def __init__(self, pricelist, allow_zero):
        self.pricelist = pricelist
        self.env = pricelist.env
        self.allow_zero = allow_zero
        self.zone = pytz.timezone(self.env.user.tz or "UTC")
        self.items = self.env["product.pricelist.item"].search(
            [("pricelist_id", "=", pricelist.id)]
        )
        self.by_id = {item.id: item for item in self.items}
        self.by_key = {}
        for item in self.items:
            if item._b2b_is_editable():
                self.by_key.setdefault(self._key(self._target(item), item), item)
        self.spellings = {}

    def _target(self, item):
        """What a rule applies to: (kind, id)."""
        if item.applied_on == "0_product_variant":
            return "variant", item.product_id.id
        return "template", item.product_tmpl_id.id

    def _key(self, target, item):
        return target, item.min_quantity, item.date_start, item.date_end

    def judge(self, read):
        """:return: list of :class:`PriceImportRow`, one for each row read"""
        self.products = self._find_products(read)
        taken = {}
        rows = [self._judge_row(row, taken) for row in read]
        self._reject_overlaps(rows)
        return rows

    def _find_products(self, read):
        """dict normalised article -> list of products."""
        wanted = {normalise_article(row.texts.get("article", "")) for row in read}
        wanted -= {""}
        Product = self.env["product.product"]
        found = defaultdict(list)
        for product in Product.search([("default_code", "in", list(wanted))]):
            found[normalise_article(product.default_code)].append(product)
        return found

    def _judge_row(self, read, taken):
        article = normalise_article(read.texts.get("article", ""))
        row = PriceImportRow(read.row, article, self.env["product.pricelist.item"], {})
        problem = self._find_item(row, read)
        if not problem and row.outcome != "unchanged":
            problem = self._read_values(row, read)
        if problem:
            row.reject(problem)
            return row
        key = row.item.id or (
            row.values["product_id"] or row.values["product_tmpl_id"],
            row.values["min_quantity"],
            row.values["date_start"],
            row.values["date_end"],
        )
        if key in taken:
            row.reject(self.env._("The same goods as in row %s.", taken[key]))
            return row
        taken[key] = read.row
        if row.item and row.outcome != "unchanged":
            row.values = self._get_changes(row)
            row.outcome = "changed" if row.values else "unchanged"
        return row

    def _find_item(self, row, read):
        """Set the rule that the row names; :return: a refusal or None"""
        rule = read.texts.get("rule", "")
        if not rule:
            return None
        item = rule.isdecimal() and self.by_id.get(int(rule))
        if not item:
            return self.env._("Rule %s is not one of this price list.", rule)
        row.item = item
        if item._b2b_is_editable():
            own = (item.product_id or item.product_tmpl_id).default_code or ""
            if row.article and normalise_article(own) != row.article:
                return self.env._("Rule %(rule)s is for %(own)s.", rule=rule, own=own)
            return None
        if read.texts["price"].lstrip("'") != " ".join((item.price or "").split()):
            return self.env._("Only fixed prices of products can be changed by a file.")
        row.outcome = "unchanged"
        return None

    def _read_values(self, row, read):
        """Fill in what the row says; :return: a refusal or None"""
        if read.problem:
            return self._get_problem_text(read)
        if not read.price and not self.allow_zero:
            return self.env._("The price is zero.")
        currency = read.texts.get("currency", "")
        own_currency = self.pricelist.currency_id.name
        if currency and currency.upper() != own_currency:
            return self.env._(
                "The price is in %(currency)s, the price list in %(own)s.",
                currency=currency,
                own=own_currency,
            )
        values = {
            "fixed_price": float(read.price),
            "min_quantity": float(read.min_quantity or 0),
        }
        for name in ("date_start", "date_end"):
            values[name], problem = self._read_moment(row, read, name)
            if problem:
                return problem
        start, end = values["date_start"], values["date_end"]
        if start and end and start >= end:
            return self.env._("The price ends before it begins.")
        row.values = values
        return self._read_product(row, read)

    def _read_moment(self, row, read, name):
        """:return: (datetime in UTC or False, refusal or None)"""
        text = read.texts.get(name, "").lstrip("'")
        if name not in read.texts:
            return row.item[name] or False, None
        if not text:
            return False, None
        if text == row.item._b2b_format_moment(row.item[name]):
            # as it was exported: no way round by local time
            return row.item[name], None
        local = parse_day(text, is_end=name == "date_end")
        if not local:
            return False, self.env._(
                "“%s” is not a date: write 2026-12-31 or 31.12.2026.", text
            )
        moment = self.zone.localize(local).astimezone(pytz.utc)
        return moment.replace(tzinfo=None), None

    def _read_product(self, row, read):
        """Find the product, or check it; :return: a refusal or None"""
        product = row.item.product_id or row.item.product_tmpl_id
        if not row.item:
            found = self.products.get(row.article, [])
            if not row.article:
                return self.env._("The row has no article.")
            if len(found) != 1:
                return (
                    self.env._("Article %s is not unique.", row.article)
                    if found
                    else self.env._("Article %s is unknown.", row.article)
                )
            product = found[0]
            self._set_target(row, product)
        unit = self.env["uom.uom"]._b2b_spelling(read.texts.get("unit", ""))
        if unit and unit not in self._get_spellings(product.uom_id):
            return self.env._(
                "The price must be per %(own)s, not per %(unit)s.",
                own=product.uom_id.name,
                unit=read.texts["unit"],
            )
        return None

    def _get_spellings(self, uom):
        if uom not in self.spellings:
            self.spellings[uom] = uom._b2b_spellings()
        return self.spellings[uom]

    def _set_target(self, row, product):
        """Say what a row without a rule is for: a rule that is there, or a new one."""
        template = product.product_tmpl_id
        variant = ("variant", product.id)
        single = template.product_variant_count == 1
        targets = [("template", template.id), variant] if single else [variant]
        values = row.values
        dates = values["min_quantity"], values["date_start"], values["date_end"]
        for target in targets:
            if item := self.by_key.get((target, *dates)):
                row.item = item
                return
        row.values |= {
            "pricelist_id": self.pricelist.id,
            "applied_on": "1_product" if single else "0_product_variant",
            "display_applied_on": "1_product",
            "product_tmpl_id": template.id,
            "product_id": False if single else product.id,
            "compute_price": "fixed",
        }

    def _get_changes(self, row):
        """Values of the row that differ from its rule."""
        item, changes = row.item, {}
        for name, value in row.values.items():
            if name not in ("fixed_price", "min_quantity", "date_start", "date_end"):
                continue
            if isinstance(value, float):
                differs = float_compare(item[name], value, precision_digits=_DIGITS)
            else:
                differs = item[name] != value
            if differs:
                changes[name] = value
        return changes

    def _get_problem_text(self, read):
        texts = {
            "cell_error": self.env._("A cell holds an error or a formula."),
            "nul_byte": self.env._("A cell cannot be read."),
            "no_price": self.env._("The row has no price."),
            "negative_price": self.env._("The price is below zero."),
            "huge_price": self.env._("The price is too large."),
            "bad_minimum": self.env._("The minimum quantity is not a number."),
            "ambiguous_price": self.env._(
                "“%s” may be thousands or a fraction: write the price with two digits "
                "after the comma.",
                read.texts["price"],
            ),
        }
        default = self.env._("“%s” is not a price.", read.texts["price"])
        return texts.get(read.problem, default)

    # === OVERLAPS === #

    def _reject_overlaps(self, rows):
        """Refuse rows that would make two rules for one thing at one time."""
        pending = True
        while pending:
            pending = [
                row
                for group in self._group_final(rows).values()
                for row in self._find_overlap(group)
            ]
            for row in pending:
                row.reject(
                    self.env._(
                        "There would be two prices for the same goods at the same "
                        "time: change the dates or the minimum quantity."
                    )
                )

    def _group_final(self, rows):
        """Rules as they would be: dict (target, minimum) -> [(start, end, row)]."""
        changed = {row.item.id: row for row in rows if row.outcome == "changed"}
        groups = defaultdict(list)
        for item in self.items:
            if item.applied_on not in ("0_product_variant", "1_product"):
                continue
            row = changed.get(item.id)
            values = row.values if row else {}
            start, end, minimum = (
                values.get(name, item[name])
                for name in ("date_start", "date_end", "min_quantity")
            )
            groups[self._target(item), minimum].append((start, end, row))
        for row in rows:
            if row.outcome == "added":
                values = row.values
                target = ("template", values["product_tmpl_id"])
                if values["product_id"]:
                    target = ("variant", values["product_id"])
                groups[target, values["min_quantity"]].append(
                    (values["date_start"], values["date_end"], row)
                )
        return groups

    def _find_overlap(self, group):
        """The last row of the file in each pair that overlaps."""
        floor, ceiling = fields.Datetime.from_string("0001-01-01 00:00:00"), None
        spans = sorted(
            group, key=lambda span: (span[0] or floor, span[2].row if span[2] else 0)
        )
        for (_start, end, one), (start, _end, other) in zip(
            spans, spans[1:], strict=False
        ):
            ends = end or ceiling
            if ends is None or (start or floor) < ends:
                guilty = [row for row in (one, other) if row]
                if guilty:
                    yield max(guilty, key=lambda row: row.row)
