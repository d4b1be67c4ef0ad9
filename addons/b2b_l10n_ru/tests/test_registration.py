# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged

from odoo.addons.b2b_portal.tests.registration_common import RegistrationMixin

INN, KPP, OGRN = "7707083893", "773601001", "1027700132195"
PERSON_INN, OGRNIP = "500100732259", "304500116000157"


@tagged("post_install", "-at_install")
class TestRussianRegistration(RegistrationMixin, HttpCase):
    """INN, KPP and OGRN on the form of the applicants."""

    def _get_russian(self, **values):
        return {
            "country_id": str(self.env.ref("base.ru").id),
            "vat": "7707 083 893",
            "l10n_ru_kpp": KPP,
            "company_registry": OGRN,
            "contact_phone": "8 (495) 123-45-67",
        } | values

    def _judge(self, **values):
        """Names of the fields with an error."""
        model = self.registrations._as_system(self.website)
        form = self._get_form(**self._get_russian(**values))
        return set(model._check_form(model._read_form(form))[1])

    def test_the_form_asks(self):
        self.authenticate(None, None)
        page = self.url_open("/b2b/signup").text
        for text in (
            "ИНН",
            "КПП",
            "ОГРН",
            'name="l10n_ru_kpp"',
            'name="company_registry"',
        ):
            self.assertIn(text, page)

    def test_a_company(self):
        self.assertEqual(self._judge(), set())
        self.assertEqual(self._judge(l10n_ru_kpp=""), {"l10n_ru_kpp"})
        self.assertEqual(self._judge(l10n_ru_kpp="77360100"), {"l10n_ru_kpp"})
        self.assertEqual(self._judge(company_registry=""), {"company_registry"})
        self.assertEqual(
            self._judge(company_registry="1027700132190"), {"company_registry"}
        )
        self.assertIn("vat", self._judge(vat="7707083894"))
        self.assertIn("vat", self._judge(vat="BE0477472701"))

    def test_a_sole_proprietor(self):
        person = {"vat": PERSON_INN, "l10n_ru_kpp": "", "company_registry": OGRNIP}
        self.assertEqual(self._judge(**person), set())
        self.assertEqual(self._judge(**person | {"l10n_ru_kpp": KPP}), {"l10n_ru_kpp"})
        self.assertEqual(
            self._judge(**person | {"company_registry": OGRN}), {"company_registry"}
        )

    def test_other_countries_need_none(self):
        model = self.registrations._as_system(self.website)
        form = self._get_form(l10n_ru_kpp="nonsense")
        values, errors = model._check_form(model._read_form(form))
        self.assertFalse(errors)
        self.assertFalse(values["l10n_ru_kpp"])

    def test_requisites_reach_the_legal_entity(self):
        response = self._send(**self._get_russian())
        self.assertTrue(response.url.endswith("/b2b/signup/thanks"))
        registration = self._find()
        self.assertEqual(registration.contact_phone, "+7 495 123-45-67")
        registration.action_approve()
        entity = registration.entity_id
        self.assertEqual(
            (entity.vat, entity.l10n_ru_kpp, entity.company_registry), (INN, KPP, OGRN)
        )

    def test_regions_have_russian_names(self):
        moscow = self.env.ref("base.state_ru_mow")
        self.assertEqual(moscow.name, "Москва")
        country = self.env.ref("base.ru")
        latin = country.state_ids.filtered(lambda s: s.name.isascii())
        self.assertFalse(latin.mapped("name"))
