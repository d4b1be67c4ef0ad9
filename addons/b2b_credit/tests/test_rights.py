# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestRights(CreditCommon):
    def _sees(self, member):
        lines = self.env["b2b.credit.line"].with_user(member.user_id)
        return bool(lines.search([("id", "=", self.line.id)]))

    def test_roles(self):
        self.assertTrue(self._sees(self.head))
        self.assertTrue(self._sees(self.accountant))
        self.assertTrue(self._sees(self.buyer))
        self.assertFalse(self._sees(self.stranger))

    def test_unconfirmed_member_sees_nothing(self):
        self.accountant.stage = "verified"
        self.assertFalse(self._sees(self.accountant))

    def test_member_reads_the_figures_and_changes_nothing(self):
        self._confirm(4)
        line = self.line.with_user(self.accountant.user_id)
        line.invalidate_recordset()
        self.assertEqual((line.exposure, line.available), (400, 600))
        with self.assertRaises(AccessError):
            line.limit = 5000
        with self.assertRaises(AccessError):
            self.line.with_user(self.stranger.user_id).read(["exposure"])

    def test_manager_reads_the_administrator_changes(self):
        manager = new_test_user(self.env, "b2b_m", "b2b_portal.group_staff_user")
        admin = new_test_user(self.env, "b2b_a", "b2b_portal.group_staff_admin")
        with self.assertRaises(AccessError):
            self.line.with_user(manager).limit = 5000
        self.line.with_user(admin).limit = 5000
        action = self.agreement.with_user(manager).action_open_credit_line()
        self.assertEqual(action["res_id"], self.line.id)
