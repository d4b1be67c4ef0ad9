# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import Form, tagged

from odoo.addons.b2b_portal.models.sale_order_cart import CartRequest

from .common import B2bCommon, Command


class AssortmentMixin:
    """Goods of two brands and of three sections, and how to make rules for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["b2b.assortment"].search([("id", "!=", 0)]).active = False
        cls.segment = cls.env["b2b.segment"].create({"name": "Assemblers"})
        cls.brand = cls.env["b2b.brand"].create({"name": "Zqx Own label"})
        Section = cls.env["product.public.category"]
        cls.section = Section.create({"name": "Zqx Tools"})
        cls.subsection = Section.create(
            {"name": "Zqx Drills", "parent_id": cls.section.id}
        )
        cls.secret = cls._create_product(
            "SECRET-1", 77.0, name="Zqx Secret drill", b2b_brand_id=cls.brand.id
        )
        cls.drill = cls._create_product(
            "DRILL-1",
            50.0,
            name="Zqx Plain drill",
            public_categ_ids=[Command.set(cls.subsection.ids)],
        )

    @classmethod
    def _create_rule(cls, mode, goods, **values):
        """A rule about products, for chosen accounts unless values say otherwise."""
        values = {"product_tmpl_ids": [Command.set(goods.product_tmpl_id.ids)]} | values
        if not goods:
            del values["product_tmpl_ids"]
        values = {"name": f"Rule {mode}", "mode": mode} | values
        for name in ("segment", "account", "agreement", "section", "brand", "tag"):
            if records := values.pop(name, None):
                values[f"{name}_ids"] = [Command.set(records.ids)]
        return cls.env["b2b.assortment"].create(values)

    def _sees(self, user, *products):
        """Which of the products a user finds by a search, as RPC does."""
        ids = [product.id for product in products]
        found = self.env["product.product"].with_user(user).search([("id", "in", ids)])
        return [product for product in products if product.id in found.ids]


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

    # === CARTS === #

    def _wish(self, product):
        return CartRequest(product.sudo(), product.uom_id, 2.0)

    def test_no_way_into_the_cart(self):
        self._create_rule("exclusive", self.secret, account=self.south)
        cart = self._create_cart(self.buyer)
        with self.assertRaises(UserError) as hidden:
            cart._cart_add(self.secret.id, 1)
        self.assertNotIn("Secret", str(hidden.exception))
        wishes = [self._wish(self.secret), self._wish(self.drill)]
        cart._b2b_add(wishes)
        self.assertEqual([w.outcome for w in wishes], ["rejected", "added"])
        self.assertEqual(wishes[0].reasons, ("unknown_article",))
        self.assertEqual(cart.order_line.product_id, self.drill)

    def test_a_cart_is_judged_by_its_agreement(self):
        """Not by what else its member may see."""
        other = self._create_agreement(self.north_a)
        self._create_rule("exclusive", self.secret, agreement=other)
        wish = self._wish(self.secret)
        self._create_cart(self.buyer)._b2b_add([wish])
        self.assertEqual(wish.outcome, "rejected")
        wish = self._wish(self.secret)
        self._create_cart(self.buyer, other)._b2b_add([wish])
        self.assertEqual(wish.outcome, "added")

    def test_quick_order_knows_no_such_article(self):
        """Rows for hidden and for unknown articles differ in nothing."""
        self.secret.barcode = "4600000000017"
        box = self.env["product.uom"].create(
            {
                "product_id": self.secret.id,
                "uom_id": self.box.id,
                "barcode": "4600000000024",
            }
        )
        self.secret.uom_ids = self.box
        self._create_rule("exclusive", self.secret, account=self.south)
        cart = self._create_cart(self.buyer)
        Import = self.env["b2b.cart.import"].with_user(self.buyer.user_id)
        text = f"NO-SUCH-1 5\nSECRET-1 5\nsecret-1 5\n{self.secret.barcode} 5\n"
        run = Import._run_text(cart, f"{text}{box.barcode} 5\nDRILL-1 5")
        rows = run.line_ids
        self.assertEqual(run.count_rejected, 5)
        self.assertEqual(run.count_added, 1)
        answers = {
            (
                r.outcome,
                r.reasons,
                r.product_id.id,
                r.uom_id.id,
                r.wish_qty,
                r._get_text(),
            )
            for r in rows
            if r.outcome == "rejected"
        }
        self.assertEqual(len(answers), 1)
        self.assertEqual(cart.order_line.product_id, self.drill)

    def test_checkout_names_the_line(self):
        cart = self._create_cart(self.buyer, lines=[(self.secret, 1), (self.drill, 1)])
        self.assertNotIn("not_sold", [c["code"] for c in cart._b2b_get_checks()])
        self._create_rule("hide", self.secret, account=self.north)
        checks = [c for c in cart._b2b_get_checks() if c["code"] == "not_sold"]
        self.assertEqual(len(checks), 1)
        self.assertIn("Secret drill", checks[0]["message"])
        line = cart.order_line.filtered(lambda li: li.product_id == self.secret)
        self.assertEqual(checks[0]["fixes"][0]["name"], f"set_{line.id}")
        with self.assertRaises(UserError):
            cart._b2b_submit()
        self.assertEqual(cart.state, "draft")

    def test_staff_sell_what_they_like(self):
        self._create_rule("hide", self.secret, audience="everybody")
        manager = self.env.ref("base.user_admin")
        cart = self._create_cart(self.buyer).with_user(manager)
        cart._cart_add(self.secret.id, 1)
        self.assertEqual(cart.order_line.product_id, self.secret)
        self.assertFalse(cart._b2b_get_hidden(self.secret))

    # === STAFF === #

    def test_rules_that_make_no_sense(self):
        for values in (
            {"audience": "chosen"},
            {"audience": "everybody", "mode": "exclusive"},
            {"audience": "everybody", "product_tmpl_ids": False},
        ):
            goods = self.secret if "product_tmpl_ids" not in values else None
            values = {"name": "Nonsense", "mode": "hide"} | values
            if goods:
                values["product_tmpl_ids"] = [Command.set(goods.product_tmpl_id.ids)]
            with self.assertRaises(ValidationError):
                self.env["b2b.assortment"].create(values)

    def test_the_form_counts(self):
        form = Form(self.env["b2b.assortment"])
        form.name = "Own label"
        form.mode = "exclusive"
        form.account_ids.add(self.north)
        self.assertEqual(form.account_count, 1)
        form.brand_ids.add(self.brand)
        self.assertEqual(form.product_count, 1)
        form.section_ids.add(self.section)
        self.assertEqual(form.product_count, 2)
        rule = form.save()
        found = self.env["product.template"].search(
            rule.action_open_products()["domain"]
        )
        self.assertEqual(found, (self.secret | self.drill).product_tmpl_id)
        accounts = rule.action_open_accounts()["domain"]
        self.assertEqual(self.env["b2b.account"].search(accounts), self.north)

    def test_customers_do_not_read_rules(self):
        rule = self._create_rule("hide", self.secret, account=self.south)
        for user in ("north", "south", "retail", "guest"):
            with self.assertRaises(AccessError):
                rule.with_user(self.users[user]).read(["name"])

    def test_simulation(self):
        hide = self._create_rule("hide", self.drill, account=self.north)
        own = self._create_rule("exclusive", self.secret, account=self.south)
        simulation = self.env["b2b.assortment.simulation"].create(
            {"agreement_id": self.agreement.id, "website_id": self.website.id}
        )
        self.assertEqual(simulation.hidden_count, 2)
        self.assertEqual(
            simulation.total_count, simulation.visible_count + simulation.hidden_count
        )
        lines = {line.rule_id: line.product_count for line in simulation.line_ids}
        self.assertEqual(lines, {hide: 1, own: 1})
        Template = self.env["product.template"]
        for action, products in (
            (simulation.action_open_hidden(), self.drill | self.secret),
            (simulation.line_ids[0].action_open(), self.drill),
        ):
            found = Template.search(action["domain"])
            self.assertEqual(found, products.product_tmpl_id)
        seen = Template.search(simulation.action_open_visible()["domain"])
        self.assertIn(self.bolt.product_tmpl_id, seen)
        for product, rule in (
            (self.drill, hide),
            (self.secret, own),
            (self.bolt, None),
        ):
            simulation.product_tmpl_id = product.product_tmpl_id
            if rule:
                self.assertIn(rule.name, simulation.verdict)
            else:
                self.assertNotIn("Rule", simulation.verdict)
        self._create_rule("only", self.bolt, account=self.south)
        simulation.write({"kind": "account", "account_id": self.south.id})
        self.assertEqual(simulation.visible_count, 1)
        (listed,) = simulation.line_ids.filtered(lambda line: not line.rule_id)
        self.assertEqual(listed.product_count, simulation.hidden_count)
        simulation.kind = "guest"
        self.assertEqual(simulation.hidden_count, 1)

    def test_simulation_form(self):
        """The legal entity's agreement is found, and what it sees is counted."""
        self._create_rule("hide", self.drill, account=self.north)
        with Form(self.env["b2b.assortment.simulation"]) as form:
            self.assertEqual(form.visible_count, 0)
            form.entity_id = self.north_a
            self.assertEqual(form.agreement_id, self.agreement)
            self.assertEqual(form.hidden_count, 1)
            self.assertEqual(len(form.line_ids), 1)
            form.entity_id = self.north_b
            self.assertFalse(form.agreement_id)
            form.kind = "account"
            form.account_id = self.south
            self.assertEqual(form.hidden_count, 0)

    def test_rules_are_read_once(self):
        """Judging costs no query for rules, however many there are."""
        for number in range(12):
            self._create_rule("hide", self.secret, account=self.north, name=number)
        Template = self.env["product.template"]
        Template._b2b_get_assortment_domain(self.agreement)
        with self.assertQueryCount(0):
            Template._b2b_get_assortment_domain(self.agreement)
