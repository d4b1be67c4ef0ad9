# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged

from ..tools import requisites

FEW = settings(max_examples=200, deadline=None, derandomize=True)


def digits(length):
    return st.text("0123456789", min_size=length, max_size=length)


def complete(is_valid, body, *tail):
    """``body`` with the one last digit that makes it valid (``tail``: arguments)."""
    found = [body + last for last in "0123456789" if is_valid(body + last, *tail)]
    assert len(found) == 1, found
    return found[0]


def change(text, place, shift):
    """``text`` with one digit at ``place`` moved on by ``shift`` (1 to 9)."""
    digit = str((int(text[place]) + shift) % 10)
    return text[:place] + digit + text[place + 1 :]


@tagged("post_install", "-at_install")
class TestRequisites(TransactionCase):
    """Control digits: known numbers, and what a slip of one digit does."""

    def test_known_numbers(self):
        for is_valid, number in (
            # public numbers of Sberbank, Gazprom and the Federal Tax Service
            (requisites.is_inn_valid, "7707083893"),
            (requisites.is_inn_valid, "7736050003"),
            (requisites.is_inn_valid, "7707329152"),
            (requisites.is_inn_valid, "500100732259"),
            (requisites.is_kpp_valid, "773601001"),
            (requisites.is_kpp_valid, "7707AB001"),
            (requisites.is_ogrn_valid, "1027700132195"),
            (requisites.is_ogrn_valid, "1027700070518"),
            (requisites.is_okpo_valid, "00032537"),
            (requisites.is_okpo_valid, "00040778"),
            (requisites.is_bic_valid, "044525225"),
        ):
            with self.subTest(number=number):
                self.assertTrue(is_valid(number))

    def test_known_accounts(self):
        # the second one: a correspondent account at the Bank of Russia
        self.assertTrue(
            requisites.is_account_valid("40702810738000047112", "044525225")
        )
        self.assertTrue(
            requisites.is_account_valid("30101810400000000225", "044525225")
        )
        self.assertFalse(
            requisites.is_account_valid("40702810738000047112", "044525593")
        )

    def test_what_is_no_number(self):
        for is_valid in (
            requisites.is_inn_valid,
            requisites.is_kpp_valid,
            requisites.is_ogrn_valid,
            requisites.is_okpo_valid,
            requisites.is_bic_valid,
        ):
            for text in (
                None,
                False,
                "",
                "7",
                "770708389x",
                "٧٧٠٧٠٨٣٨٩٣",
                "7707083893\n",
            ):
                with self.subTest(rule=is_valid.__name__, text=text):
                    self.assertFalse(is_valid(text))
        for kpp in ("77360100", "7736a1001", "77360100A", "773601001 "):
            self.assertFalse(requisites.is_kpp_valid(kpp))
        self.assertFalse(requisites.is_bic_valid("544525225"))
        self.assertFalse(requisites.is_ogrn_valid("2027700132195"))

    @FEW
    @given(digits(9), st.integers(0, 9), st.integers(1, 9))
    def test_inn_of_a_company_shows_a_wrong_digit(self, body, place, shift):
        """Remainders 10 and 0 share the digit 0; every other slip shows."""
        inn = complete(requisites.is_inn_valid, body)
        wrong = change(inn, place, shift)

        def remainder(number):
            weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
            pairs = zip(weights, number[:9], strict=True)
            return sum(w * int(d) for w, d in pairs) % 11

        assume({remainder(inn), remainder(wrong)} != {0, 10})
        self.assertFalse(requisites.is_inn_valid(wrong))

    @FEW
    @given(digits(10), st.integers(10, 11), st.integers(1, 9))
    def test_inn_of_a_person_has_one_pair_of_control_digits(self, body, place, shift):
        found = [
            body + pair
            for pair in (f"{number:02}" for number in range(100))
            if requisites.is_inn_valid(body + pair)
        ]
        self.assertEqual(len(found), 1)
        self.assertFalse(requisites.is_inn_valid(change(found[0], place, shift)))

    @FEW
    @given(st.sampled_from("15"), digits(11), st.integers(1, 12), st.integers(1, 9))
    def test_ogrn_shows_a_wrong_digit(self, first, rest, place, shift):
        ogrn = complete(requisites.is_ogrn_valid, first + rest)
        wrong = change(ogrn, place, shift)
        remainders = {int(ogrn[:12]) % 11, int(wrong[:12]) % 11}
        assume(remainders != {0, 10})
        self.assertFalse(requisites.is_ogrn_valid(wrong))

    @FEW
    @given(digits(13), st.integers(1, 9))
    def test_ogrnip_has_one_control_digit(self, rest, shift):
        ogrn = complete(requisites.is_ogrn_valid, f"3{rest}")
        self.assertFalse(requisites.is_ogrn_valid(change(ogrn, 14, shift)))

    @FEW
    @given(
        digits(7),
        digits(8),
        digits(3),
        digits(11),
        st.integers(0, 19),
        st.integers(1, 9),
    )
    def test_account_shows_every_wrong_digit(self, bank, head, key, tail, place, shift):
        """7, 1 and 3 have no divisor in common with 10: no slip hides."""
        bic = f"04{bank}"
        valid = [
            account
            for digit in "0123456789"
            if requisites.is_account_valid(account := head + digit + tail, bic)
        ]
        self.assertEqual(len(valid), 1)
        wrong = change(valid[0], place, shift)
        # an account that becomes or was a correspondent one obeys the other rule
        assume(valid[0][:5] != "30101" and wrong[:5] != "30101")
        self.assertFalse(requisites.is_account_valid(wrong, bic))
        self.assertTrue(key.isdecimal())
