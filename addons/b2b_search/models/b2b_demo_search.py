# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A month of searches for the demo."""

import random
from datetime import timedelta

from odoo import api, fields, models

from ..tools.query_privacy import spell
from .b2b_search_visit import Search, Visitor

# One row: query, kind, searches a day on the average, results, share of searches with
# a click and with an order, product that is chosen most, the place where it stands.
QUERIES = [
    ("болт м8х40", "none", 4.0, 9, 0.8, 0.5, "product_blt_933_m8x40_zn_demo", 1),
    (
        "саморез кровельный",
        "none",
        3.2,
        15,
        0.7,
        0.4,
        "product_krv_4_8h29_8017_demo",
        4,
    ),
    ("гайка м10", "none", 2.8, 8, 0.75, 0.5, "product_934_m10_zn_demo", 2),
    ("дюбель-гвоздь 8х60", "none", 2.6, 4, 0.8, 0.6, "product_dg_8h60_demo", 1),
    ("перчатки", "none", 2.4, 12, 0.6, 0.35, "product_prch_hb_5_demo", 3),
    ("круг отрезной 125", "none", 2.2, 8, 0.7, 0.45, "product_41_125x1_0_demo", 1),
    ("шуруповёрт", "spelling", 1.6, 5, 0.6, 0.1, "product_2000000471002_demo", 2),
    ("пена монтажная", "none", 1.5, 5, 0.65, 0.4, "product_4600030008007_demo", 2),
    ("анкер клиновой 12х100", "none", 1.4, 3, 0.8, 0.55, "product_ank_12_100_demo", 1),
    ("шпилька м12", "layout", 1.2, 6, 0.6, 0.4, "product_975_12_1000_demo", 1),
    ("электроды мр-3с", "none", 1.1, 2, 0.7, 0.5, "product_el_mr3_3_demo", 1),
    ("din 912 м6", "none", 1.0, 6, 0.6, 0.3, "product_912_m6x20_demo", 2),
    ("герметик", "layout", 0.9, 6, 0.6, 0.3, "product_4600030002007_demo", 3),
    ("бита ph2", "none", 0.9, 4, 0.7, 0.5, "product_bit_ph2_50_demo", 1),
    ("респиратор", "spelling", 0.6, 2, 0.7, 0.4, "product_rsp_ffp2_demo", 1),
    (
        "болт нержавеющий",
        "none",
        0.8,
        10,
        0.2,
        0.05,
        "product_blt_933_m8x20_a2_demo",
        7,
    ),
]
# Queries that find nothing: query, searches a day.
MISSING = [
    ("болгарка 230", 0.5),
    ("стремянка алюминиевая", 0.35),
    ("глухарь 8х80", 0.3),
    ("din 7504", 0.25),
    ("лебёдка ручная", 0.2),
    ("скоба такелажная 2 т", 0.15),
    ("хомут червячный", 0.4),
]
SEGMENTS = ["segment_contractor", "segment_builder", "segment_retailer"]
DAYS = 30


class B2bDemo(models.AbstractModel):
    _inherit = "b2b.demo"

    @api.model
    def _setup_search_log(self):
        """What customers have searched for in the last month."""
        logs = self.env["b2b.search.log"]
        if logs.search_count([], limit=1):
            return
        chance = random.Random(6)  # noqa: S311
        website = self.env["website"].get_current_website()
        segments = [self.env.ref(f"b2b_portal.{name}").id for name in SEGMENTS]
        for back in range(DAYS, 0, -1):
            day = fields.Date.today() - timedelta(days=back)
            # wholesale rests at the weekend
            busy = 0.15 if day.weekday() > 4 else 1.0
            for query, kind, often, *outcome in QUERIES:
                row = logs._get_key(
                    spell(query), "catalogue", kind, chance.choice(segments), website.id
                ) | {"day": day}
                self._log_found(row, chance, often * busy, *outcome)
            for query, often in MISSING:
                row = logs._get_key(
                    spell(query),
                    "catalogue",
                    "none",
                    chance.choice(segments),
                    website.id,
                ) | {"day": day}
                self._log_missing(row, chance, often * busy)
        gaps = self.env["b2b.search.gap"]
        gaps.search([("query", "=", spell("лебёдка ручная"))]).action_order()

    @api.model
    def _pick_number(self, chance, average):
        """A whole number that has this average."""
        return sum(chance.random() < average / 8 for _try in range(8))

    @api.model
    def _log_found(self, row, chance, often, results, click, order, product, place):
        number = self._pick_number(chance, often)
        if not number:
            return
        logs = self.env["b2b.search.log"]
        log_id = logs._get_row(row, results)
        clicked = sum(chance.random() < click for _search in range(number))
        bought = sum(chance.random() < order for _search in range(number))
        logs._count(
            log_id,
            searches=number,
            accounts=min(number, 2),
            clicks=clicked,
            clicked=clicked,
            places=clicked * place,
            carts=bought,
            bought=bought,
        )
        if clicked or bought:
            self.env["b2b.search.log.product"]._count(
                log_id,
                self.env.ref(f"b2b_portal.{product}").id,
                clicks=clicked,
                places=clicked * place,
                carts=bought,
            )

    @api.model
    def _log_missing(self, row, chance, often):
        logs, gaps = self.env["b2b.search.log"], self.env["b2b.search.gap"]
        nobody = Visitor("", "")
        for _search in range(self._pick_number(chance, often)):
            log_id = logs._get_row(row, 0)
            logs._count(log_id, searches=1, empty=1, accounts=1)
            gaps._note(Search("", nobody, row, 0, False, row["query"], [], True))
