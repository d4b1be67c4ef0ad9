# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from .entity_common import EntityMixin, workbook

HEAD = ("Наименование", "Город", "Улица, дом", "Индекс", "Часы работы", "Договор")


@tagged("post_install", "-at_install")
class TestAddress(EntityMixin, TransactionCase):
    """Delivery addresses: rules, import, what the checkout offers."""

    def _import(self, data, filename="a.xlsx", member=None, entity=None):
        entity = self._as(member or self.director, entity or self.north_a)
        return entity._b2b_import_addresses(data, filename)

    def _outcomes(self, rows):
        return [(row.row, row.outcome) for row in rows]

    def _addresses(self, entity=None):
        return self.env["res.partner"].search(
            (entity or self.north_a)._b2b_address_domain()
        )

    # === RULES === #

    def test_default_agreement_is_one_of_the_same_entity(self):
        other = self._create_agreement(self.north_b)
        self.site.b2b_agreement_id = self.agreement
        with self.assertRaises(ValidationError):
            self.site.b2b_agreement_id = other

    def test_first_address_leaves_the_registered_one_alone(self):
        """Core copies the address of the first contact up to its company."""
        entity = self._create_entity(self.north, "New LLC")
        self._create_address(entity, "Only one")
        self.assertFalse(entity.street)

    def test_checkout_offers_the_address_of_the_agreement(self):
        home = self._create_address(
            self.north_a, "Home", b2b_agreement_id=self.agreement.id
        )
        addresses = self.north_a | self.site | home
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        cart.partner_shipping_id = self.site
        self.assertEqual(cart._b2b_get_checkout_address(addresses), home)
        home.b2b_agreement_id = False
        self.assertEqual(cart._b2b_get_checkout_address(addresses), self.site)

    # === IMPORT === #

    def test_every_row_ends_somewhere(self):
        self.site.b2b_hours = "9-18"
        rows = self._import(
            workbook(
                [
                    HEAD,
                    ("Base", "Moscow", "Street 5", 101000, "8-20", ""),
                    ("site", "City", "Street 1", "", "", ""),
                    ("Site 2", "", "Street 7", "", "", ""),
                    ("BASE", "Moscow", "Street 6", "", "", ""),
                    ("Site 3", "City", "Street 7", "", "", "No such"),
                    ("", "City", "Street 7", "", "", ""),
                ]
            )
        )
        self.assertEqual(
            self._outcomes(rows),
            [
                (2, "added"),
                (3, "changed"),
                (4, "rejected"),
                (5, "rejected"),
                (6, "rejected"),
                (7, "rejected"),
            ],
        )
        texts = [row.text for row in rows]
        self.assertIn("city", texts[2].lower())
        self.assertIn("2", texts[3], "names the row with the same name")
        self.assertIn("North LLC", texts[4])
        base = self._addresses().filtered(lambda a: a.name == "Base")
        self.assertEqual(base.zip, "101000")
        self.assertEqual(base.type, "delivery")
        self.assertEqual(base.parent_id, self.north_a)
        self.assertEqual(self.site.b2b_hours, "9-18", "an empty cell changes nothing")
        self.assertEqual(self.site.name, "site")

    def test_the_same_file_again_changes_nothing(self):
        self.agreement.number = "D-1"
        data = workbook([HEAD, ("Base", "Moscow", "Street 5", "101000", "8-20", "D-1")])
        self.assertEqual(self._outcomes(self._import(data)), [(2, "added")])
        self.assertEqual(self._outcomes(self._import(data)), [(2, "unchanged")])
        base = self._addresses().filtered(lambda a: a.name == "Base")
        self.assertEqual(base.b2b_agreement_id, self.agreement)

    def test_files_of_all_kinds(self):
        text = "Name;City;Street\nBase;Moscow;ул. Ленина, 5\n"
        for data in (text.encode(), text.encode("cp1251"), text.encode("utf-16")):
            with self.subTest(data=data[:10]):
                rows = self._import(data, "a.csv")
                self.assertIn(rows[0].outcome, ("added", "unchanged"), rows[0].text)
        comma = 'Name,City,Street\n"Base, 2",Moscow,"Street, 5"\n'
        self.assertEqual(self._outcomes(self._import(comma.encode())), [(2, "added")])
        self.assertIn("Base, 2", self._addresses().mapped("name"))

    def test_agreement_of_another_entity_is_unknown(self):
        self._create_agreement(self.north_b, number="B-7")
        self._create_agreement(self.south_a, number="S-7")
        for number in ("B-7", "S-7"):
            row = ("Base", "Moscow", "Street 5", "", "", number)
            rows = self._import(workbook([HEAD, row]))
            self.assertEqual(rows[0].outcome, "rejected")

    def test_same_names_of_other_entities_stay_apart(self):
        row = ("Foreign", "Moscow", "Elsewhere 1")
        rows = self._import(workbook([("Name", "City", "Street"), row]))
        self.assertEqual(rows[0].outcome, "added")
        self.assertEqual(self.foreign.street, "Street 1")

    def test_roles(self):
        """A buyer adds addresses and changes none; a storekeeper the reverse."""
        data = workbook(
            [
                ("Name", "City", "Street"),
                ("Site", "City", "Street 9"),
                ("New", "City", "Street 9"),
            ]
        )
        rows = self._import(data, member=self.buyer)
        self.assertEqual([row.outcome for row in rows], ["rejected", "added"])
        self.assertEqual(self.site.street, "Street 1")
        keeper = self._create_member(
            self.north, "storekeeper", "b2b_keeper", all_entities=True
        )
        data = workbook(
            [
                ("Name", "City", "Street"),
                ("Site", "City", "Street 9"),
                ("Newer", "City", "Street 9"),
            ]
        )
        rows = self._import(data, member=keeper)
        self.assertEqual([row.outcome for row in rows], ["changed", "rejected"])

    def test_bad_files_change_nothing(self):
        before = self._addresses()
        full = [("Name", "City", "Street")]
        full += [(f"A{n}", "City", "Street") for n in range(501)]
        bad = {
            "empty": b"",
            "pdf": b"%PDF-1.4",
            "broken": b"PK\x03\x04broken",
            "html": b"<html><table><tr><td>Name</td></tr></table></html>",
            "no head": workbook([("a", "b"), ("c", "d")]),
            "head only": workbook([("Name", "City", "Street")]),
            "too many": workbook(full),
        }
        for name, data in bad.items():
            with self.subTest(file=name), self.assertRaises(UserError):
                self._import(data)
        self.assertEqual(self._addresses(), before)

    def test_five_hundred_rows(self):
        rows = [("Name", "City", "Street")]
        rows += [(f"A{n}", "City", f"Street {n}") for n in range(500)]
        result = self._import(workbook(rows))
        self.assertEqual({row.outcome for row in result}, {"added"})
        self.assertEqual(len(self._addresses()), 501)

    def test_imported_addresses_share_the_numbers_of_their_company(self):
        self.north_a.write({"vat": "7810456027", "company_registry": "1127847001259"})
        self._import(workbook([("Name", "City", "Street"), ("New", "City", "Street")]))
        new = self._addresses() - self.site
        self.assertEqual(
            (new.vat, new.company_registry), ("7810456027", "1127847001259")
        )
        self.assertEqual(new.commercial_partner_id, self.north_a)

    def test_queries_do_not_grow_with_the_rows(self):
        self.north_a.write(
            {"vat": "7810456027", "country_id": self.env.ref("base.ru").id}
        )

        def count(prefix, number, street):
            rows = [("Name", "City", "Street")]
            rows += [(f"{prefix}{n}", "City", street) for n in range(number)]
            data = workbook(rows)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._import(data)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count("warm", 1, "Street")
        few = count("few", 5, "Street")
        many = count("many", 60, "Street")
        self.assertLessEqual(many, few + 5, "adding")
        few = count("few", 5, "Other street")
        many = count("many", 60, "Other street")
        # one by core for each row: snailmail looks for letters to the address
        self.assertLessEqual(many, few + 5 + 55, "changing")

    def test_formula_and_error_cells(self):
        text = "Name;City;Street\n=1+1;City;Street\n"
        rows = self._import(text.encode(), "a.csv")
        self.assertEqual(rows[0].name, "=1+1", "a text, never evaluated")
