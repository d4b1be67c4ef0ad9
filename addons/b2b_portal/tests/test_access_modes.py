# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import B2bCommon


@tagged("post_install", "-at_install")
class TestAccessModes(B2bCommon):
    """The mode, the matrix and who counts as approved."""

    def _visible(self, user):
        return set(self.website.with_user(user)._b2b_get_visible())

    def test_a_mode_fills_the_matrix(self):
        self.website.b2b_access_mode = "closed"
        self.assertEqual(self.website.b2b_show_catalogue, "members")
        self.website.b2b_access_mode = "members"
        self.assertEqual(self.website.b2b_show_catalogue, "everyone")
        self.assertEqual(self.website.b2b_show_prices, "members")

    def test_a_changed_matrix_names_the_mode(self):
        self.website.b2b_access_mode = "members"
        self.website.b2b_show_prices = "signed_in"
        self.assertEqual(self.website.b2b_access_mode, "custom")
        self.website.b2b_show_prices = "members"
        self.assertEqual(self.website.b2b_access_mode, "members")
        self.website.write(
            {"b2b_access_mode": "custom", "b2b_show_documents": "signed_in"}
        )
        self.assertEqual(self.website.b2b_show_documents, "signed_in")

    def test_settings(self):
        with Form(self.env["res.config.settings"]) as form:
            form.website_id = self.website
            form.b2b_access_mode = "members"
            self.assertEqual(form.b2b_show_prices, "members")
            form.b2b_show_stock = "signed_in"
            self.assertEqual(form.b2b_access_mode, "custom")
        self.assertEqual(self.website.b2b_show_prices, "members")
        self.assertEqual(self.website.b2b_show_stock, "signed_in")
        self.assertEqual(self.website.b2b_access_mode, "custom")

    def test_a_new_website_takes_its_mode(self):
        site = self.env["website"].create(
            {"name": "Second", "b2b_access_mode": "closed"}
        )
        self.assertEqual(site.b2b_show_stock, "members")

    def test_who_sees_what(self):
        guest = self.website.user_id
        buyer, everything = self.buyer.user_id, self._visible(self.env.user)
        self.website.b2b_access_mode = "members"
        self.assertEqual(self._visible(guest), {"catalogue", "documents"})
        self.assertEqual(self._visible(self.retail_user), {"catalogue", "documents"})
        self.assertEqual(self._visible(buyer), everything)
        self.website.b2b_show_prices = "signed_in"
        self.assertNotIn("prices", self._visible(guest))
        self.assertIn("prices", self._visible(self.retail_user))
        self.website.b2b_access_mode = "closed"
        self.assertEqual(self._visible(guest), set())
        self.assertEqual(self._visible(self.env.user), everything)

    def test_approval_follows_the_member(self):
        """Stage, archived member, archived account: each acts at once."""
        self.website.b2b_access_mode = "members"
        user = self.buyer.user_id
        self.assertIn("prices", self._visible(user))
        self.buyer.stage = "registered"
        self.assertNotIn("prices", self._visible(user))
        self.website.b2b_approved_stage = "registered"
        self.assertIn("prices", self._visible(user))
        self.buyer.active = False
        self.assertNotIn("prices", self._visible(user))
        self.buyer.active = True
        self.north.active = False
        self.assertNotIn("prices", self._visible(user))

    def test_fields_are_refused_to_searches_too(self):
        self.website.b2b_access_mode = "members"
        for model, path in (
            ("product.template", "list_price"),
            ("product.template", "product_variant_ids.lst_price"),
            ("product.product", "list_price"),
            ("product.product", "product_tmpl_id.list_price"),
            ("product.product", "product_tmpl_id.compare_list_price"),
            ("product.template.attribute.value", "price_extra"),
            ("product.template.attribute.value", "product_tmpl_id.list_price"),
            ("product.public.category", "product_tmpl_ids.list_price"),
            ("sale.order.line", "product_id.list_price"),
            ("sale.order", "order_line.product_id.list_price"),
            ("product.wishlist", "product_id.list_price"),
        ):
            records = self.env[model].with_user(self.retail_user)
            for domain in (
                [(path, ">", 1)],
                ["!", (path, ">", 1)],
                [("id", ">", 0), "|", (path, "=", 5), ("id", "=", 1)],
                [(path.split(".")[0], "any", [(path.split(".", 1)[1], ">", 1)])]
                if "." in path
                else [(path, "in", [1, 2])],
            ):
                with (
                    self.subTest(model=model, domain=domain),
                    self.assertRaises(AccessError),
                ):
                    records.search(domain)
            allowed = self.env[model].with_user(self.buyer.user_id)
            if model != "product.wishlist" and "lst_price" not in path:
                allowed.search([(path, ">", 1)])

    def test_fields_are_refused_to_order_and_groups(self):
        self.website.b2b_access_mode = "members"
        products = self.env["product.product"].with_user(self.retail_user)
        with self.assertRaises(AccessError):
            products.search([], order="list_price desc")
        with self.assertRaises(AccessError):
            products._read_group([], [], ["list_price:max"])
        with self.assertRaises(AccessError):
            products._read_group([], ["product_tmpl_id"], order="list_price:sum")

    def test_every_price_field_is_guarded(self):
        """A field of core that looks like money does not slip in unnoticed."""
        open_fields = {"weight", "volume", "sales_count", "available_threshold"}
        for model in (
            "product.template",
            "product.product",
            "product.template.attribute.value",
            "product.attribute.value",
        ):
            guarded = self.env[model]._b2b_guarded
            for name, field in self.env[model]._fields.items():
                money = field.type == "monetary" or (
                    field.type in ("float", "char")
                    and ("price" in name or "cost" in name)
                )
                if money and name not in open_fields and not field.groups:
                    self.assertIn(name, guarded, model)

    def test_another_website_does_not_open_the_closed_one(self):
        site = self.env["website"].create(
            {"name": "Open", "domain": "http://open.test"}
        )
        self.bolt.product_tmpl_id.website_id = site
        self.nut.product_tmpl_id.website_id = self.website
        self.website.b2b_access_mode = "members"
        products = self.env["product.template"].with_user(self.retail_user)
        both = self.bolt.product_tmpl_id + self.nut.product_tmpl_id
        found = products.search([("id", "in", both.ids)])
        self.assertEqual(found.ids, self.nut.product_tmpl_id.ids)
        products = products.with_context(website_id=site.id)
        self.assertFalse(products.search([("id", "in", both.ids)]))
