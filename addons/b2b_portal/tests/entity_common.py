# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io

import xlsxwriter

from odoo import fields
from odoo.http import Request

from .common import B2bMixin

PDF = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"


def workbook(rows):
    """Bytes of an XLSX with ``rows`` of texts and numbers."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return buffer.getvalue()


class EntityMixin(B2bMixin):
    """The kit with a director, an address on each side and a contract template."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.director = cls._create_member(
            cls.north, "director", "b2b_director", all_entities=True
        )
        cls.site = cls._create_address(cls.north_a, "Site")
        cls.site_b = cls._create_address(cls.north_b, "Site B")
        cls.foreign = cls._create_address(cls.south_a, "Foreign")

    @classmethod
    def _create_address(cls, entity, name, **values):
        return cls.env["res.partner"].create(
            {
                "parent_id": entity.id,
                "type": "delivery",
                "name": name,
                "city": "City",
                "street": "Street 1",
            }
            | values
        )

    @classmethod
    def _create_version(cls, body="<p>Contract of {{ customer.name }}</p>", **values):
        """A published template version, set as the company's."""
        template = cls.env["b2b.contract.template"].create(
            {"name": "Supply", "company_id": cls.company.id}
        )
        version = cls.env["b2b.contract.template.version"].create(
            {"template_id": template.id, "body": body} | values
        )
        version.action_publish()
        cls.company.b2b_contract_template_id = template
        return version

    @classmethod
    def _next_version(cls, version, body, **values):
        """The following version of the template, published."""
        template = version.template_id
        template.action_new_version()
        new = template.version_ids.sorted("number")[-1]
        new.write({"body": body} | values)
        new.action_publish()
        return new

    def _as(self, member, record):
        """A record as pages hold it: of the member's environment, in sudo."""
        return record.with_user(member.user_id).sudo()

    def _login(self, member):
        login = member.user_id.login
        self.authenticate(login, login.ljust(8, "x"))

    def _post(self, url, data=None, files=None):
        data = {"csrf_token": Request.csrf_token(self)} | (data or {})
        return self.url_open(url, data=data, files=files, allow_redirects=False)

    def _run(self, model, method):
        """Run a cron method, which commits, as its job does."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            getattr(self.env(cr=cr)[model], method)()

    def _today(self, days=0):
        return fields.Date.add(fields.Date.context_today(self.env.user), days=days)
