# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged

INN, KPP, OGRN = "7707083893", "773601001", "1027700132195"
PERSON_INN, OGRNIP = "500100732259", "304500116000157"


@tagged("post_install", "-at_install")
class TestPartner(TransactionCase):
    """Requisites of legal entities and their bank accounts."""

    def _create(self, **values):
        return self.env["res.partner"].create(
            {
                "name": "ООО «Проба»",
                "is_company": True,
                "country_id": self.env.ref("base.ru").id,
            }
            | values
        )

    def test_valid(self):
        self._create(
            vat=INN, l10n_ru_kpp=KPP, company_registry=OGRN, l10n_ru_okpo="00032537"
        )
        self._create(vat=PERSON_INN, company_registry=OGRNIP)
        self._create(vat=INN)
        self._create(vat="/")

    def test_wrong(self):
        for values in (
            {"vat": INN, "l10n_ru_kpp": "12"},
            {"vat": PERSON_INN, "l10n_ru_kpp": KPP},
            {"vat": INN, "company_registry": "1027700132196"},
            {"vat": INN, "company_registry": OGRNIP},
            {"vat": PERSON_INN, "company_registry": OGRN},
            {"vat": INN, "l10n_ru_okpo": "00032538"},
            {"vat": "7707083894"},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._create(**values)

    def test_other_countries_are_left_alone(self):
        partner = self._create(country_id=self.env.ref("base.be").id, l10n_ru_kpp="x")
        with self.assertRaises(ValidationError):
            partner.country_id = self.env.ref("base.ru")

    def test_contacts_follow_their_company(self):
        company = self._create(vat=INN, l10n_ru_kpp=KPP)
        contact = self._create(name="Бухгалтер", is_company=False, parent_id=company.id)
        self.assertEqual(contact.l10n_ru_kpp, KPP)

    def test_bank_account(self):
        country = self.env.ref("base.ru").id
        bank = self.env["res.bank"].create(
            {"name": "Банк", "bic": "044525225", "country": country}
        )
        values = {"partner_id": self._create().id, "bank_id": bank.id}
        accounts = self.env["res.partner.bank"]
        accounts.create(values | {"acc_number": "40702 810 7 38000047112"})
        with self.assertRaisesRegex(ValidationError, "does not match the BIC"):
            accounts.create(values | {"acc_number": "40702810738000047113"})
        bank.bic = "12"
        with self.assertRaisesRegex(ValidationError, "BIC"):
            accounts.create(values | {"acc_number": "40702810738000047114"})

    def test_accounts_abroad_are_left_alone(self):
        bank = self.env["res.bank"].create(
            {"name": "Bank", "bic": "GEBABEBB", "country": self.env.ref("base.be").id}
        )
        values = {"partner_id": self._create().id, "bank_id": bank.id}
        values["acc_number"] = "BE68539007547034"
        self.assertTrue(self.env["res.partner.bank"].create(values))
