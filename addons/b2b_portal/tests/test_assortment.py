# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from .assortment_common import AssortmentMixin
from .common import B2bCommon, Command


@tagged("post_install", "-at_install")
class TestAssortment(AssortmentMixin, B2bCommon):
    """Who sees what, by record rules."""

    def setUp(self):
        super().setUp()
        self.users = {
            "north": self.buyer.user_id,
            "south": self.stranger.user_id,
            "retail": self.retail_user,
            "guest": self.website.user_id,
            "staff": self.env.ref("base.user_admin"),
        }

    def _matrix(self, product):
        """Names of those who see a product; template and product agree."""
        seen = set()
        for name, user in self.users.items():
            found = bool(self._sees(user, product))
            template = product.product_tmpl_id.with_user(user)
            self.assertEqual(
                bool(template.search([("id", "=", template.id)])), found, name
            )
            self.assertEqual(template.has_access("read"), found, name)
            self.assertEqual(product.with_user(user).has_access("read"), found, name)
            if found:
                seen.add(name)
        return seen

    # === MODES === #

    def test_nothing_is_hidden_without_rules(self):
        self.assertEqual(self._matrix(self.secret), set(self.users))
        domain = self.env["product.template"]._b2b_get_assortment_domain(self.agreement)
        self.assertTrue(domain.is_true())

    def test_exclusive_goods(self):
        self._create_rule("exclusive", self.secret, account=self.north)
        self.assertEqual(self._matrix(self.secret), {"north", "staff"})
        self.assertEqual(self._matrix(self.drill), set(self.users))
        self._create_rule("exclusive", self.secret, account=self.south)
        self.assertEqual(self._matrix(self.secret), {"north", "south", "staff"})

    def test_hidden_goods(self):
        self._create_rule("hide", self.secret, account=self.south)
        self.assertEqual(
            self._matrix(self.secret), {"north", "retail", "guest", "staff"}
        )
        self._create_rule("exclusive", self.secret, account=self.south)
        self.assertEqual(self._matrix(self.secret), {"staff"}, "hiding wins")

    def test_whitelists(self):
        self._create_rule("only", self.drill, account=self.south)
        self.assertEqual(self._matrix(self.drill), set(self.users))
        self.assertEqual(
            self._matrix(self.secret), {"north", "retail", "guest", "staff"}
        )
        self._create_rule("only", self.secret, account=self.south)
        self.assertEqual(self._matrix(self.secret), set(self.users), "they add up")
        self.assertNotIn("south", self._matrix(self.bolt))

    def test_guests(self):
        """Portal users without an account see what guests see."""
        self._create_rule("hide", self.secret, audience="guests")
        self.assertEqual(self._matrix(self.secret), {"north", "south", "staff"})

    def test_everybody(self):
        rule = self._create_rule("hide", self.secret, audience="everybody")
        self.assertEqual(self._matrix(self.secret), {"staff"})
        rule.active = False
        self.assertEqual(self._matrix(self.secret), set(self.users))

    # === CUSTOMERS === #

    def test_by_segment(self):
        self._create_rule("exclusive", self.secret, segment=self.segment)
        self.assertEqual(self._matrix(self.secret), {"staff"})
        self.south.segment_id = self.segment
        self.assertEqual(self._matrix(self.secret), {"south", "staff"})

    def test_by_agreement(self):
        """Without a page, what is seen under any usable agreement is seen."""
        other = self._create_agreement(self.north_a)
        self._create_rule("exclusive", self.secret, agreement=other)
        self.assertEqual(self._matrix(self.secret), {"north", "staff"})
        other.action_suspend()
        self.assertEqual(self._matrix(self.secret), {"staff"})
        Template = self.env["product.template"]
        template = self.secret.product_tmpl_id
        for agreement, seen in ((self.agreement, False), (other, True)):
            domain = Template._b2b_get_assortment_domain(agreement)
            self.assertEqual(bool(template.filtered_domain(domain)), seen)

    def test_of_a_former_member(self):
        self._create_rule("exclusive", self.secret, account=self.north)
        self.buyer.active = False
        self.assertEqual(self._matrix(self.secret), {"staff"})

    # === GOODS === #

    def test_groups_of_goods(self):
        category = self.env["product.category"].create({"name": "Drills"})
        below = self.env["product.category"].create(
            {"name": "Small drills", "parent_id": category.id}
        )
        tag = self.env["product.tag"].create({"name": "Pro"})
        self.drill.categ_id = below
        self.drill.product_tag_ids = tag
        for values in (
            {"section": self.section},
            {"categ_ids": [Command.set(category.ids)]},
            {"tag": tag},
        ):
            with self.subTest(values):
                rule = self._create_rule(
                    "hide", self.bolt.browse(), account=self.north, **values
                )
                self.assertEqual(rule.product_count, 1)
                self.assertNotIn("north", self._matrix(self.drill))
                self.assertIn("north", self._matrix(self.secret))
                rule.unlink()
        self.assertIn("north", self._matrix(self.drill))

    def test_all_groups_at_once(self):
        both = self._create_product(
            "BOTH-1",
            1.0,
            b2b_brand_id=self.brand.id,
            public_categ_ids=[Command.set(self.section.ids)],
        )
        rule = self._create_rule(
            "hide",
            self.bolt.browse(),
            account=self.north,
            section=self.section,
            brand=self.brand,
        )
        self.assertEqual(rule.product_count, 3)
        rule.match = "all"
        self.assertEqual(rule.product_count, 1)
        self.assertNotIn("north", self._matrix(both))
        self.assertIn("north", self._matrix(self.secret))

    def test_sections_that_move(self):
        rule = self._create_rule(
            "hide", self.bolt.browse(), account=self.north, section=self.section
        )
        self.assertNotIn("north", self._matrix(self.drill))
        self.subsection.parent_id = False
        self.assertIn("north", self._matrix(self.drill))
        self.subsection.parent_id = self.section
        self.assertNotIn("north", self._matrix(self.drill))
        self.assertEqual(rule.account_count, 1)

    def test_closed_groups_have_no_name(self):
        self._create_rule(
            "exclusive",
            self.bolt.browse(),
            account=self.north,
            brand=self.brand,
            section=self.section,
        )
        for user, seen in (
            (self.users["north"], True),
            (self.users["south"], False),
            (self.users["guest"], False),
            (self.users["staff"], True),
        ):
            for record in (self.brand, self.subsection):
                self.assertEqual(record.with_user(user).has_access("read"), seen)

    def test_dates_websites_companies(self):
        today = fields.Date.context_today(self.env["b2b.assortment"])
        rule = self._create_rule("hide", self.secret, account=self.north)
        elsewhere = self.env["website"].create({"name": "Elsewhere"})
        company = self.env["res.company"].create({"name": "Elsewhere"})
        for values, seen in (
            ({"date_start": today + timedelta(days=1)}, True),
            ({"date_start": today}, False),
            ({"date_start": False, "date_end": today}, False),
            ({"date_end": today - timedelta(days=1)}, True),
            ({"date_end": False, "website_id": elsewhere.id}, True),
            ({"website_id": self.website.id}, False),
            ({"website_id": False, "company_id": company.id}, True),
            ({"company_id": False}, False),
        ):
            rule.write(values)
            self.assertEqual("north" in self._matrix(self.secret), seen, values)

    def test_parts_of_hidden_goods(self):
        """Names of hidden goods are not read through what belongs to them."""
        attribute = self.env["product.attribute"].create(
            {
                "name": "Zqx power",
                "create_variant": "no_variant",
                "value_ids": [Command.create({"name": "900 W"})],
            }
        )
        template = self.secret.product_tmpl_id
        template.attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": attribute.id,
                    "value_ids": [Command.set(attribute.value_ids.ids)],
                }
            )
        ]
        line = template.attribute_line_ids
        image = self.env["product.image"].create(
            {"name": "Zqx secret picture", "product_tmpl_id": template.id}
        )
        parts = (line, line.product_template_value_ids, image)
        for part in parts:
            self.assertTrue(part.with_user(self.users["south"]).read())
        self._create_rule("exclusive", self.secret, account=self.north)
        for part in parts:
            part = part.with_user(self.users["south"])
            self.assertFalse(part.search([("id", "=", part.id)]), part._name)
            with self.assertRaises(AccessError):
                part.read()
            self.assertTrue(part.with_user(self.users["north"]).read())

    def test_documents_keep_their_names(self):
        """A member reads the line of an old order, the product's name included."""
        cart = self._create_cart(self.buyer, lines=[(self.secret, 2)])
        cart.action_confirm()
        self._create_rule("hide", self.secret, account=self.north)
        line = cart.order_line.with_user(self.buyer.user_id).sudo(False)
        self.env.invalidate_all()
        (values,) = line.read(["name", "product_id"])
        self.assertIn("SECRET-1", str(values))

    # === RANDOM RULES === #

    def test_domain_is_what_a_person_would_judge(self):
        """Random rules over random goods, judged one by one in Python."""
        chance = random.Random(12)
        brands = self.brand | self.env["b2b.brand"].create({"name": "Zqx Other"})
        tags = self.env["product.tag"].create([{"name": "Zqx A"}, {"name": "Zqx B"}])
        sections = self.section | self.subsection
        goods = self.env["product.product"]
        for number in range(24):
            values = {
                "b2b_brand_id": chance.choice([*brands.ids, False]),
                "product_tag_ids": [
                    Command.set([i for i in tags.ids if chance.random() < 0.4])
                ],
                "public_categ_ids": [
                    Command.set([i for i in sections.ids if chance.random() < 0.4])
                ],
            }
            goods |= self._create_product(f"RND-{number}", 1.0, **values)
        self.south.segment_id = self.segment
        agreements = self.agreement | self._create_agreement(self.south_a)
        for _round in range(25):
            rules = self.env["b2b.assortment"]
            for _number in range(chance.randint(1, 5)):
                rules |= self._create_random_rule(
                    chance, brands, tags, sections, goods, agreements
                )
            for agreement in (*agreements, None):
                domain = self.env["product.template"]._b2b_get_assortment_domain(
                    agreement
                )
                expected = goods.filtered(
                    lambda p, r=rules, a=agreement: self._judge(p, r, a)
                )
                found = self.env["product.template"].search(
                    Domain("id", "in", goods.product_tmpl_id.ids) & domain
                )
                self.assertEqual(found, expected.product_tmpl_id)
                self.assertEqual(goods.product_tmpl_id._b2b_get_offered(domain), found)
            rules.unlink()

    def _create_random_rule(self, chance, brands, tags, sections, goods, agreements):
        def pick(records, probability=0.4):
            return [
                Command.set([i for i in records.ids if chance.random() < probability])
            ]

        mode = chance.choice(["hide", "exclusive", "only"])
        audience = chance.choice(["everybody", "guests", "chosen", "chosen"])
        if mode == "exclusive" and audience == "everybody":
            audience = "guests"
        return self.env["b2b.assortment"].create(
            {
                "name": "Random",
                "mode": mode,
                "audience": audience,
                "match": chance.choice(["any", "all"]),
                "segment_ids": pick(self.segment),
                "account_ids": pick(self.north | self.south),
                "agreement_ids": [Command.set([chance.choice(agreements.ids)])],
                "brand_ids": pick(brands),
                "tag_ids": pick(tags),
                "section_ids": pick(sections),
                "product_tmpl_ids": [
                    Command.set(chance.sample(goods.product_tmpl_id.ids, 2))
                ],
            }
        )

    def _judge(self, product, rules, agreement):
        """Whether a customer sees a product, as the documentation says it."""
        account = agreement.account_id if agreement else self.env["b2b.account"]

        def concerned(rule):
            if rule.audience == "chosen":
                return (
                    (account.segment_id and account.segment_id in rule.segment_ids)
                    or (account and account in rule.account_ids)
                    or (agreement and agreement in rule.agreement_ids)
                )
            return rule.audience == "everybody" or not account

        def named(rule):
            sections = self.env["product.public.category"].search(
                [("id", "child_of", rule.section_ids.ids)]
            )
            tests = []
            if rule.section_ids:
                tests.append(bool(product.public_categ_ids & sections))
            if rule.brand_ids:
                tests.append(product.b2b_brand_id in rule.brand_ids)
            if rule.tag_ids:
                tests.append(bool(product.product_tag_ids & rule.tag_ids))
            joined = all(tests) if rule.match == "all" else any(tests)
            single = product.product_tmpl_id in rule.product_tmpl_ids
            return single or (bool(tests) and joined)

        by_mode = {
            mode: [rule for rule in rules if rule.mode == mode and named(rule)]
            for mode in ("hide", "exclusive", "only")
        }
        if any(concerned(rule) for rule in by_mode["hide"]):
            return False
        exclusive = by_mode["exclusive"]
        if exclusive and not any(concerned(rule) for rule in exclusive):
            return False
        whitelists = [r for r in rules if r.mode == "only" and concerned(r)]
        return not whitelists or any(r in by_mode["only"] for r in whitelists)

    def test_rules_are_read_once(self):
        """Judging costs no query for rules, however many there are."""
        for number in range(12):
            self._create_rule("hide", self.secret, account=self.north, name=number)
        Template = self.env["product.template"]
        Template._b2b_get_assortment_domain(self.agreement)
        with self.assertQueryCount(0):
            Template._b2b_get_assortment_domain(self.agreement)
