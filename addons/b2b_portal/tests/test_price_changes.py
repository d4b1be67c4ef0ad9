# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .common import B2bCommon, B2bMixin, Command


class PriceChangeMixin(B2bMixin):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.soon = cls.now + timedelta(days=10)
        order = cls._create_cart(cls.buyer, lines=[(cls.bolt, 20), (cls.nut, 300)])
        order._b2b_submit()
        cls.order = order

    @classmethod
    def _add_rule(cls, pricelist=None, product=None, **values):
        product = product or cls.bolt
        return cls.env["product.pricelist.item"].create(
            {
                "pricelist_id": (pricelist or cls.price_type).id,
                "applied_on": "1_product",
                "product_tmpl_id": product.product_tmpl_id.id,
                "compute_price": "fixed",
            }
            | values
        )

    @classmethod
    def _schedule(cls, price=10.4, days=10, **values):
        return cls._add_rule(
            fixed_price=price, date_start=cls.now + timedelta(days=days), **values
        )


@tagged("post_install", "-at_install")
class TestPriceChanges(PriceChangeMixin, B2bCommon):
    def _changes(self, agreement=None):
        return [
            (
                change.wish.product,
                change.date,
                round(change.old, 4),
                round(change.new, 4),
            )
            for change in (agreement or self.agreement)._b2b_get_price_changes()
        ]

    def test_nothing_to_come(self):
        self.assertEqual(self._changes(), [])

    def test_start_of_a_rule_deep_in_the_chain(self):
        self.agreement.discount = 10
        self._schedule()
        self.assertEqual(self._changes(), [(self.bolt, self.soon, 9, 9.36)])

    def test_end_of_a_rule(self):
        self._add_rule(self.agreement.pricelist_id, fixed_price=8, date_end=self.soon)
        after = self.soon + timedelta(seconds=1)
        self.assertEqual(self._changes(), [(self.bolt, after, 8, 10)])

    def test_end_and_start_are_one_change(self):
        self._add_rule(fixed_price=9, date_end=self.soon - timedelta(seconds=1))
        self._schedule(9.5)
        self.assertEqual(self._changes(), [(self.bolt, self.soon, 9, 9.5)])

    def test_no_change_where_another_rule_counts(self):
        """The agreement's own price stands whatever the price type does."""
        self._add_rule(self.agreement.pricelist_id, fixed_price=8)
        self._schedule()
        self.assertEqual(self._changes(), [])

    def test_a_category_touches_all_its_goods(self):
        category = self.env["product.category"].create({"name": "Bolts"})
        self.bolt.categ_id = category
        self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.price_type.id,
                "applied_on": "2_product_category",
                "categ_id": category.id,
                "compute_price": "percentage",
                "percent_price": -5,
                "date_start": self.soon,
            }
        )
        self.assertEqual(self._changes(), [(self.bolt, self.soon, 10, 10.5)])

    def test_special_offers(self):
        offers = self.env["product.pricelist"].create(
            {
                "name": "Offers",
                "b2b_kind": "special",
                "currency_id": self.agreement.currency_id.id,
            }
        )
        self.agreement.special_pricelist_id = offers
        self._add_rule(offers, fixed_price=7, date_end=self.soon)
        after = self.soon + timedelta(seconds=1)
        self.assertEqual(self._changes(), [(self.bolt, after, 7, 10)])

    def test_two_changes_of_one_price(self):
        later = self.now + timedelta(days=20)
        self._schedule(11, date_end=later - timedelta(seconds=1))
        self._schedule(12, days=20)
        self.assertEqual(
            self._changes(),
            [(self.bolt, self.soon, 10, 11), (self.bolt, later, 11, 12)],
        )

    def test_horizon_and_the_agreements_end(self):
        self._schedule(days=61)
        self.assertEqual(self._changes(), [])
        self.company.b2b_price_horizon = 90
        self.assertEqual(len(self._changes()), 1)
        self.agreement.date_end = fields.Date.add(fields.Date.today(), days=30)
        self.assertEqual(self._changes(), [])

    def test_only_goods_that_the_entity_buys(self):
        other = self._create_product("OTH", 5)
        self._schedule(product=other)
        self.assertEqual(self._changes(), [])
        self._create_cart(self.buyer2, lines=[(other, 1)])
        self.assertEqual(len(self._changes()), 1)
        sister = self._create_agreement(self.north_b)
        self._schedule(product=self.bolt)
        self.assertEqual(self._changes(sister), [])

    def test_price_break_of_the_last_quantity(self):
        self._schedule(9, min_quantity=21)
        self.assertEqual(self._changes(), [])
        self._schedule(9.9, min_quantity=20)
        self.assertEqual(self._changes(), [(self.bolt, self.soon, 10, 9.9)])

    def test_taxes_as_in_the_cart(self):
        self.bolt.taxes_id = self.env["account.tax"].create(
            {
                "name": "Excluded",
                "amount": 20,
                "price_include_override": "tax_excluded",
                "company_id": self.company.id,
            }
        )
        self._schedule()
        change = self.agreement._b2b_get_price_changes()[0]
        self.assertAlmostEqual(change.old_shown, 12)
        self.assertAlmostEqual(change.new_shown, 12.48)
        self.assertAlmostEqual(change.percent, 4)

    def test_queries_grow_neither_with_goods_nor_dates(self):
        def count(number):
            products = [
                self._create_product(f"Z{number}-{i}", 5) for i in range(number)
            ]
            cart = self._create_cart(
                self.buyer, lines=[(p, 1 + n) for n, p in enumerate(products)]
            )
            for days, product in enumerate(products, start=1):
                self._schedule(6, days=days, product=product)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            changes = self.agreement._b2b_get_price_changes()
            cost = self.env.cr.sql_log_count - before
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cart._b2b_get_price_notes()
            return len(changes), cost, self.env.cr.sql_log_count - before

        count(1)
        few, many = count(3), count(30)
        self.assertEqual((few[0], many[0]), (4, 34))
        self.assertEqual(few[1:], many[1:])

    # === CART === #

    def test_notes_in_the_cart(self):
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 20)])
        self.assertEqual(cart._b2b_get_price_notes(), {})
        self._schedule()
        notes = cart._b2b_get_price_notes()[cart.order_line.id]
        self.assertEqual(len(notes), 1)
        self.assertRegex(notes[0], r"10[.,]40")

    def test_note_of_the_last_order(self):
        self._add_rule(fixed_price=10.4)
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 20), (self.nut, 100)])
        notes = cart._b2b_get_price_notes()
        self.assertEqual(list(notes), cart.order_line[:1].ids)
        self.assertRegex(notes[cart.order_line[0].id][0], r"\+4\b")

    # === DIGEST === #

    def _send(self):
        members = self.env["b2b.member"]
        sent = members._send_price_digest(self.agreement.sudo())
        return {member: len(changes) for member, changes in sent}

    def test_digest_goes_once_to_those_who_order(self):
        self.assertEqual(self._send(), {})
        self._schedule()
        self.assertEqual(self._send(), {self.head: 1, self.buyer: 1, self.buyer2: 1})
        self.assertEqual(self._send(), {})
        # a change of the change is news, and so is another one
        self.env["product.pricelist.item"].search(
            [("date_start", "=", self.soon)]
        ).fixed_price = 10.6
        self._schedule(4.4, product=self.nut)
        self.buyer.price_digest = False
        self.assertEqual(self._send(), {self.head: 2, self.buyer2: 2})

    def test_digest_speaks_the_members_language(self):
        self._schedule()
        for member, lang in ((self.buyer, "ru_RU"), (self.buyer2, "en_US")):
            self.env["res.lang"]._activate_lang(lang)
            member.user_id.lang = lang
        self._send()
        mails = self.env["mail.mail"].search([], order="id desc", limit=3)
        bodies = {mail.email_to: mail.body_html for mail in mails}
        texts = {
            member: bodies[member.user_id.email_formatted]
            for member in (self.buyer, self.buyer2)
        }
        self.assertIn("10,40", texts[self.buyer])
        self.assertIn("10.40", texts[self.buyer2])

    # === STAFF === #

    def _run_schedule(self, items=None, **values):
        wizard = self.env["b2b.price.schedule"].create(
            {
                "pricelist_id": self.price_type.id,
                "date": fields.Date.add(fields.Date.today(), days=10),
                "item_ids": [
                    Command.set((items or self.env["product.pricelist.item"]).ids)
                ],
            }
            | values
        )
        wizard.action_schedule()
        return wizard._get_moment()

    def test_schedule_leaves_neither_gap_nor_overlap(self):
        old = self._add_rule(fixed_price=9.5)
        moment = self._run_schedule(old, percent=4)
        new = self.price_type.item_ids - old
        self.assertEqual(new.date_start, moment)
        self.assertFalse(new.date_end)
        self.assertAlmostEqual(new.fixed_price, 9.88)
        second = timedelta(seconds=1)
        for when, price in ((moment - second, 9.5), (moment, 9.88)):
            found = self.price_type._get_product_price(self.bolt, 1, date=when)
            self.assertAlmostEqual(found, price)
        self.assertEqual(self._changes(), [(self.bolt, moment, 9.5, 9.88)])

    def test_schedule_of_every_kind_of_rule(self):
        formula = self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.price_type.id,
                "applied_on": "3_global",
                "compute_price": "formula",
                "price_discount": 12,
            }
        )
        percent = self._add_rule(
            product=self.nut, compute_price="percentage", percent_price=10
        )
        moment = self._run_schedule(percent=5)
        prices = self.price_type._get_products_price(
            self.bolt | self.nut, 1, date=moment
        )
        self.assertAlmostEqual(prices[self.bolt.id], 8.8 * 1.05)
        self.assertAlmostEqual(prices[self.nut.id], 3.6 * 1.05)
        self.assertEqual(
            (formula | percent).mapped("date_end"), [moment - timedelta(seconds=1)] * 2
        )

    def test_schedule_of_new_prices(self):
        item = self._add_rule(fixed_price=9.5, date_end=self.now + timedelta(days=40))
        line = {"item_id": item.id, "price": 9.7}
        self._run_schedule(mode="price", line_ids=[Command.create(line)])
        new = self.price_type.item_ids - item
        self.assertEqual(new.fixed_price, 9.7)
        self.assertEqual(new.date_end, self.now + timedelta(days=40))

    def test_schedule_refuses_nonsense(self):
        self._add_rule(fixed_price=9.5)
        for values in (
            {"percent": 4, "date": fields.Date.today()},
            {"percent": 0},
            {"percent": -100},
            {"mode": "price"},
        ):
            with self.assertRaises(UserError):
                self._run_schedule(**values)


@tagged("post_install", "-at_install")
class TestPriceChangePages(PriceChangeMixin, HttpCase):
    def _get_token(self):
        page = self.url_open("/my/price-changes").text
        return page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]

    def test_page_and_buy_before(self):
        self._schedule()
        self.authenticate("b2b_buyer", "b2b_buyer")
        page = self.url_open("/my/price-changes").text
        self.assertRegex(page, r"10[.,]40")
        line = self.order.order_line[0]
        values = {"line_id": line.id, "agreement_id": self.agreement.id}
        values["csrf_token"] = self._get_token()
        self.url_open("/my/price-changes/buy", values)
        cart = self.env["sale.order"].search(
            [("b2b_member_id", "=", self.buyer.id), ("state", "=", "draft")]
        )
        self.assertEqual(cart.order_line.product_id, self.bolt)
        self.assertEqual(cart.order_line.product_uom_qty, 20)
        page = self.url_open(f"/my/carts/{cart.id}").text
        self.assertRegex(page.split("o_b2b_price_note")[1], r"10[.,]40")
        self.assertIn('href="/my/price-changes"', self.url_open("/my").text)

    def test_foreign_line_is_not_bought(self):
        agreement = self._create_agreement(self.south_a, name="South")
        order = self._create_cart(self.stranger, agreement, [(self.bolt, 1)])
        self.authenticate("b2b_buyer", "b2b_buyer")
        for values in (
            {"line_id": order.order_line.id, "agreement_id": self.agreement.id},
            {"line_id": order.order_line.id, "agreement_id": agreement.id},
        ):
            self.url_open(
                "/my/price-changes/buy", values | {"csrf_token": self._get_token()}
            )
        self.assertFalse(
            self.env["sale.order"].search(
                [("b2b_member_id", "=", self.buyer.id), ("state", "=", "draft")]
            )
        )

    def test_digest_switch(self):
        self.authenticate("b2b_buyer", "b2b_buyer")
        for value in ("", "1"):
            self.url_open(
                "/my/price-changes/digest",
                {"digest": value, "csrf_token": self._get_token()},
            )
            self.buyer.invalidate_recordset()
            self.assertEqual(self.buyer.price_digest, bool(value))

    def test_who_may_not_read_agreements_gets_no_page(self):
        permissions = self.buyer.role_ids.permission_ids
        permissions.filtered(lambda p: p.object == "agreement").unlink()
        self.authenticate("b2b_buyer", "b2b_buyer")
        self.assertEqual(self.url_open("/my/price-changes").status_code, 403)
        self.assertNotIn('href="/my/price-changes"', self.url_open("/my").text)
