# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import B2bCommon, Command


@tagged("post_install", "-at_install")
class TestProductLink(B2bCommon):
    """Typed links: direction, reason, core's links, import."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pin = cls._create_product("PIN", 1.0)
        cls.Link = cls.env["b2b.product.link"]

    def _link(self, product, kind, linked, **values):
        return self.Link.create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "kind": kind,
                "linked_tmpl_id": linked.product_tmpl_id.id,
            }
            | values
        )

    def _get(self, product):
        """(kind, template, variant id) of what a product is linked to."""
        return [
            (row.kind, row.template_id, row.variant_id)
            for row in product.product_tmpl_id._b2b_get_linked(product)
        ]

    def test_direction(self):
        bolt, nut = self.bolt.product_tmpl_id, self.nut.product_tmpl_id
        link = self._link(self.bolt, "analogue", self.nut, reason="same thread")
        self.assertTrue(link.both_ways)
        self.assertEqual(self._get(self.bolt), [("analogue", nut.id, 0)])
        self.assertEqual(self._get(self.nut), [("analogue", bolt.id, 0)])
        (row,) = bolt._b2b_get_linked(self.bolt)
        self.assertEqual(row.reason, "same thread")
        link.both_ways = False
        self.assertEqual(self._get(self.nut), [])
        link.active = False
        self.assertEqual(self._get(self.bolt), [])

    def test_what_the_other_side_says(self):
        bolt = self.bolt.product_tmpl_id.id
        for kind, back in (
            ("successor", "predecessor"),
            ("accessory", "fits"),
            ("consumable", "fits"),
            ("spare_part", "fits"),
        ):
            with self.subTest(kind=kind):
                link = self._link(self.bolt, kind, self.nut)
                self.assertFalse(link.both_ways)
                self.assertEqual(self._get(self.nut), [(back, bolt, 0)])
                with self.assertRaises(ValidationError):
                    link.both_ways = True
                link.unlink()
        self._link(self.bolt, "required", self.nut)
        self.assertEqual(self._get(self.nut), [])

    def test_core_links_count_once(self):
        bolt, nut = self.bolt.product_tmpl_id, self.nut.product_tmpl_id
        bolt.alternative_product_ids = nut | self.pin.product_tmpl_id
        bolt.accessory_product_ids = self.nut
        self._link(self.bolt, "analogue", self.nut, reason="mine")
        self.assertEqual(
            sorted(self._get(self.bolt)),
            sorted(
                [
                    ("analogue", nut.id, 0),
                    ("analogue", self.pin.product_tmpl_id.id, 0),
                    ("accessory", nut.id, self.nut.id),
                ]
            ),
        )
        first = bolt._b2b_get_linked(self.bolt)[0]
        self.assertEqual(first.reason, "mine")
        # the template as an accessory covers its variant
        self._link(self.bolt, "accessory", self.nut)
        kinds = [row for row in self._get(self.bolt) if row[0] == "accessory"]
        self.assertEqual(kinds, [("accessory", nut.id, 0)])

    def test_a_typed_link_says_more_than_core(self):
        bolt, nut = self.bolt.product_tmpl_id, self.nut.product_tmpl_id
        bolt.alternative_product_ids = nut | self.pin.product_tmpl_id
        bolt.accessory_product_ids = self.nut
        self._link(self.bolt, "successor", self.nut)
        self._link(self.bolt, "consumable", self.nut)
        self.assertEqual(
            sorted(self._get(self.bolt)),
            [
                ("analogue", self.pin.product_tmpl_id.id, 0),
                ("consumable", nut.id, 0),
                ("successor", nut.id, 0),
            ],
        )

    def test_of_one_variant(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Length",
                "value_ids": [Command.create({"name": n}) for n in ("10", "20")],
            }
        )
        template = self.pin.product_tmpl_id
        template.attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": attribute.id,
                    "value_ids": [Command.set(attribute.value_ids.ids)],
                }
            )
        ]
        short, long = template.product_variant_ids
        self._link(short, "consumable", self.bolt, product_id=short.id)
        self.assertEqual(len(self._get(short)), 1)
        self.assertEqual(self._get(long), [])
        self._link(self.bolt, "analogue", long, linked_product_id=long.id)
        self.assertIn(
            ("analogue", long.product_tmpl_id.id, long.id), self._get(self.bolt)
        )
        self.assertEqual(
            self._get(long), [("analogue", self.bolt.product_tmpl_id.id, 0)]
        )
        # variants of one product may be linked, a product to itself not
        self._link(
            short,
            "similar",
            long,
            product_id=short.id,
            linked_product_id=long.id,
            both_ways=False,
        )
        self.assertIn(("similar", long.product_tmpl_id.id, long.id), self._get(short))
        with self.assertRaises(ValidationError):
            self._link(short, "similar", long)
        with self.assertRaises(ValidationError):
            self._link(self.bolt, "similar", self.nut, product_id=short.id)

    def test_once(self):
        self._link(self.bolt, "analogue", self.nut)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._link(self.bolt, "analogue", self.nut)

    def test_import(self):
        """Odoo's own import reads a plain table of links."""
        fields = ["product_tmpl_id", "kind", "linked_tmpl_id", "reason"]
        bolt = self.bolt.product_tmpl_id.display_name
        nut = self.nut.product_tmpl_id.display_name
        result = self.Link.load(
            fields,
            [
                [bolt, "analogue", nut, "same thread"],
                [nut, "spare_part", self.pin.product_tmpl_id.display_name, ""],
            ],
        )
        self.assertFalse(result["messages"])
        links = self.Link.browse(result["ids"])
        self.assertEqual(links.mapped("kind"), ["analogue", "spare_part"])
        self.assertEqual(links.mapped("both_ways"), [True, False])
        bad = self.Link.load(fields, [[bolt, "friend", nut, ""]])
        self.assertTrue(bad["messages"])
        self.assertFalse(bad["ids"])

    def test_members_do_not_read_links(self):
        self._link(self.bolt, "analogue", self.nut)
        for user in (self.buyer.user_id, self.retail_user):
            with self.assertRaises(AccessError):
                self.Link.with_user(user).search([])

    def test_number_of_queries(self):
        """As many for one link as for twenty."""
        counts = []
        for number in (1, 20):
            while len(self.bolt.product_tmpl_id.b2b_link_ids) < number:
                self._link(self.bolt, "accessory", self._create_product("X", 1.0))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.bolt.product_tmpl_id._b2b_get_linked(self.bolt)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
