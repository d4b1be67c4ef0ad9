# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bad input on price types and on the lists of agreements.

Plain price lists, of which the portal knows nothing, keep core's rules.
"""

from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_datetime


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def write(self, vals):
        if vals.get("active") is False:
            self._b2b_check_unused()
        return super().write(vals)

    def _b2b_check_unused(self):
        """Refuse to archive lists (batch) that open agreements take prices from.

        :raise UserError: naming the agreements
        """
        agreements = self.env["b2b.agreement"].sudo()
        domain = Domain("state", "in", ("active", "suspended")) & (
            Domain("price_type_id", "in", self.ids)
            | Domain("special_pricelist_id", "in", self.ids)
        )
        used = agreements.search(domain, limit=20)
        if used:
            raise UserError(
                self.env._(
                    "Agreements take their prices from this price list: %(names)s. "
                    "Give them another price type first.",
                    names=", ".join(
                        f"{agreement.entity_id.name}: {agreement.name}"
                        for agreement in used
                    ),
                )
            )

    def _b2b_update_agreements(self):
        """Let agreements follow the rounding step of these price types (batch)."""
        if self:
            agreements = self.env["b2b.agreement"].sudo()
            domain = [("price_type_id", "in", self.ids)]
            agreements.search(domain)._update_own_pricelist()

    def _b2b_check_cycle(self):
        """Refuse lists (batch) whose prices would come from themselves.

        Unlike core's check it knows special offers, which count in an agreement's
        list, and rules of archived products, which may come back. One query per level
        of the chain.

        :raise ValidationError: naming the lists of the circle
        """
        bases, level = defaultdict(set), self.sudo()
        seen = self.browse()
        Item = self.env["product.pricelist.item"].sudo()
        while level:
            seen |= level
            rows = Item._read_group(
                [("pricelist_id", "in", level.ids), ("base", "=", "pricelist")],
                ["pricelist_id", "base_pricelist_id"],
            )
            for pricelist, base in rows:
                bases[pricelist.id].add(base.id)
            for pricelist in level:
                bases[pricelist.id].update(pricelist._b2b_get_special_list().ids)
            found = {base for pricelist in level for base in bases[pricelist.id]}
            level = self.browse(found - {False} - set(seen.ids)).sudo()
        for pricelist in self:
            if circle := _find_circle(pricelist.id, bases):
                names = self.browse(circle).sudo().mapped("name")
                raise ValidationError(
                    self.env._(
                        "Prices would go round in a circle: %s.", " ⇒ ".join(names)
                    )
                )


def _find_circle(start, bases):
    """A way from ``start`` back to it.

    :param dict bases: id -> ids
    :return: list of ids, or None
    """
    stack, seen = [(start, (start,))], set()
    while stack:
        node, path = stack.pop()
        for base in bases.get(node, ()):
            if base == start:
                return [*path, start]
            if base not in seen:
                seen.add(base)
                stack.append((base, (*path, base)))
    return None


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    def _b2b_guarded(self):
        """Rules (batch) of price types and of lists of agreements."""
        return self.filtered(
            lambda item: (
                item.pricelist_id.b2b_kind or item.pricelist_id.sudo().b2b_agreement_id
            )
        )

    @api.constrains(
        "pricelist_id",
        "applied_on",
        "product_tmpl_id",
        "product_id",
        "categ_id",
        "min_quantity",
        "date_start",
        "date_end",
    )
    def _check_b2b_overlap(self):
        self._b2b_refuse_overlap()

    def _b2b_refuse_overlap(self):
        """Two rules for the same thing at the same time: which one counts is chance.

        One query for the whole batch. A rule may begin at the instant at which the
        other ends.

        :raise ValidationError: naming both
        """
        guarded = self._b2b_guarded()
        if not guarded:
            return
        guarded.flush_recordset()
        self.env.cr.execute(self._b2b_get_overlap_query(guarded.ids))
        if row := self.env.cr.fetchone():
            mine, other = self.sudo().browse(row)
            raise ValidationError(
                self.env._(
                    "“%(list)s” would have two rules for the same goods at the same "
                    "time: %(mine)s and %(other)s. Change the dates or the minimum "
                    "quantity, or remove one of them.",
                    list=mine.pricelist_id.name,
                    mine=mine._b2b_describe(),
                    other=other._b2b_describe(),
                )
            )

    @api.model
    def _b2b_get_overlap_query(self, ids):
        """SQL of a pair (id, id) of rules that overlap, the first one of ``ids``."""
        return SQL(
            """
            SELECT a.id, b.id
              FROM product_pricelist_item a
              JOIN product_pricelist_item b
                ON b.pricelist_id = a.pricelist_id
               AND b.id != a.id
               AND b.applied_on = a.applied_on
               AND COALESCE(b.min_quantity, 0) = COALESCE(a.min_quantity, 0)
             WHERE a.id = ANY(%s)
               AND CASE a.applied_on
                   WHEN '0_product_variant' THEN a.product_id = b.product_id
                   WHEN '1_product' THEN a.product_tmpl_id = b.product_tmpl_id
                   WHEN '2_product_category' THEN a.categ_id = b.categ_id
                   ELSE TRUE END
               AND COALESCE(a.date_start, '-infinity')
                   < COALESCE(b.date_end, 'infinity')
               AND COALESCE(b.date_start, '-infinity')
                   < COALESCE(a.date_end, 'infinity')
             LIMIT 1
            """,
            list(ids),
        )

    def _b2b_describe(self):
        """The rule (single) in words: what it is for, its price and its dates."""
        self.ensure_one()
        start = format_datetime(self.env, self.date_start) if self.date_start else "…"
        end = format_datetime(self.env, self.date_end) if self.date_end else "…"
        return f"“{self.name}” {self.price} ({start} – {end})"

    @api.constrains("fixed_price", "compute_price", "pricelist_id")
    def _check_b2b_price(self):
        for item in self._b2b_guarded():
            if item.compute_price == "fixed" and item.fixed_price < 0:
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: a price cannot be below zero.", name=item.name
                    )
                )

    @api.constrains("base_pricelist_id", "pricelist_id", "base")
    def _check_b2b_cycle(self):
        chained = self.filtered(lambda item: item.base == "pricelist")
        chained.pricelist_id._b2b_check_cycle()

    # === ROUNDING OF A PRICE TYPE === #

    def _b2b_get_rounded_types(self):
        """Price types whose rounding step one of the rules (batch) may be."""
        general = self.filtered(lambda item: item.applied_on == "3_global")
        return general.pricelist_id.filtered("b2b_kind")

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items._b2b_get_rounded_types()._b2b_update_agreements()
        return items

    def write(self, vals):
        result = super().write(vals)
        if {"price_round", "applied_on", "pricelist_id", "min_quantity"} & vals.keys():
            self._b2b_get_rounded_types()._b2b_update_agreements()
        return result

    def unlink(self):
        types = self._b2b_get_rounded_types()
        result = super().unlink()
        types._b2b_update_agreements()
        return result


class B2bAgreement(models.Model):
    _inherit = "b2b.agreement"

    @api.constrains("special_pricelist_id", "price_type_id")
    def _check_b2b_cycle(self):
        self.sudo().pricelist_id._b2b_check_cycle()
