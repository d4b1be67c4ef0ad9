# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import closing

from odoo import api
from odoo.exceptions import AccessError
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged

from .common import RaceCase


@tagged("post_install", "-at_install")
class TestKept(TransactionCase):
    """Rows kept in memory say what the database says, to nobody but sudo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit = cls.env["uom.uom"].create({"name": "Kept unit"})
        cls.env.flush_all()

    def _forget(self):
        """As a new transaction in the same worker begins."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.cache.clear()

    def _count(self, read):
        self._forget()
        before = self.env.cr.sql_log_count
        read()
        return self.env.cr.sql_log_count - before

    def test_read_once(self):
        def read():
            self.assertEqual(self.unit.sudo().name, "Kept unit")

        self._count(read)
        self.assertEqual(self._count(read), 0)

    def test_a_change_is_seen_at_once(self):
        self._forget()
        self.assertEqual(self.unit.sudo().name, "Kept unit")
        self.unit.name = "Other"
        self.assertEqual(self.unit.sudo().name, "Other")
        self._forget()
        self.assertEqual(self.unit.sudo().name, "Other")

    def test_what_is_rolled_back_is_not_kept(self):
        self._forget()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.unit.name = "Never"
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(self.unit.sudo().name, "Never")
            raise ZeroDivisionError
        self._forget()
        self.assertEqual(self.unit.sudo().name, "Kept unit")

    def test_values_that_wait_to_be_written_are_not_kept(self):
        """Of computed fields, which no write announces."""
        self._forget()
        unit = self.unit.sudo()
        unit.fetch(["active"])
        with self.env.protecting([unit._fields["name"]], unit):
            unit._fields["name"]._update_cache(unit, "Waits", dirty=True)
        unit.fetch(["sequence"])
        self.assertEqual(unit.name, "Waits")
        self.env.invalidate_all(flush=False)
        self.env.cr.cache.clear()
        self.assertEqual(unit.name, "Kept unit")

    def test_languages(self):
        if not self.env["res.lang"]._get_data(code="ru_RU"):
            self.skipTest("there is one language")
        self.unit.with_context(lang="ru_RU").name = "Хранится"
        self._forget()
        for lang, name in (("ru_RU", "Хранится"), ("en_US", "Kept unit")) * 2:
            self._forget()
            self.assertEqual(self.unit.sudo().with_context(lang=lang).name, name)

    def test_rights_are_asked(self):
        self._forget()
        company = self.env["res.company"].create({"name": "Kept company"})
        self.env.flush_all()
        self._forget()
        self.assertTrue(company.sudo().name)
        user = self.env["res.users"].create(
            {"name": "Kept user", "login": "kept@example.com"}
        )
        self._forget()
        self.assertTrue(company.sudo().name)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            company.with_user(user).read(["name"])

    def test_results(self):
        units = self.env["uom.uom"]
        self._forget()
        domain = [("name", "=", "Kept unit")]
        self.assertEqual(units._b2b_find_kept(domain), self.unit)
        self.assertEqual(self._count(lambda: units._b2b_find_kept(domain)), 0)
        other = units.create({"name": "Kept unit"})
        self.assertEqual(units._b2b_find_kept(domain), self.unit | other)
        other.unlink()
        self._forget()
        self.assertEqual(units._b2b_find_kept(domain), self.unit)


@tagged("post_install", "-at_install")
class TestKeptRace(RaceCase):
    """Other transactions see a change when it is in force, not before."""

    def _create(self, env):
        self.unit = self._keep(env["uom.uom"].create({"name": "Kept race"}))

    def _remove(self):
        with self._transaction() as env:
            for model, ids in reversed(self.created):
                env[model].browse(ids).unlink()

    def _read(self):
        with self._transaction() as env:
            return env["uom.uom"].sudo().browse(self.unit.id).name

    def test_a_change_in_another_transaction(self):
        self._create_kept()
        self.assertEqual(self._read(), "Kept race")
        with closing(db_connect(self.env.cr.dbname).cursor()) as cr:
            env = api.Environment(cr, self.env.uid, {"tracking_disable": True})
            unit = env["uom.uom"].browse(self.unit.id)
            unit.name = "Changed"
            env.flush_all()
            self.assertEqual(unit.sudo().name, "Changed")
            self.assertEqual(self._read(), "Kept race")
            cr.commit()
        self.assertEqual(self._read(), "Changed")
