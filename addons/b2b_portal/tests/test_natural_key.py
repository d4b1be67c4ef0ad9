# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


from odoo.tests import TransactionCase, tagged

from ..tools.natural_key import natural_key


@tagged("post_install", "-at_install")
class TestNaturalKey(TransactionCase):
    def test_numbers_sort_as_numbers(self):
        for texts in (
            ["2", "10", "12", "100"],
            ["M6", "M8", "M10"],
            ["0,8", "1.2", "10"],
            ["", "5", "a"],
        ):
            self.assertEqual(sorted(texts[::-1], key=natural_key), texts)
