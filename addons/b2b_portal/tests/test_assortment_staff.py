# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .assortment_common import AssortmentMixin
from .common import B2bCommon, Command


@tagged("post_install", "-at_install")
class TestAssortmentStaff(AssortmentMixin, B2bCommon):
    """Rules as staff make and try them."""

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
        users = self.buyer.user_id, self.stranger.user_id
        for user in (*users, self.retail_user, self.website.user_id):
            with self.assertRaises(AccessError):
                rule.with_user(user).read(["name"])

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
