# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io

import xlsxwriter
from werkzeug.exceptions import Forbidden, NotFound

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.http import Controller, content_disposition, request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.res_partner_address_import import OUTCOMES
from ..tools.address_file import FIELDS, LIMITS, MAX_ROWS
from .entities import EntityPages
from .quick_order import XLSX

PAGE_SIZE = 50
# Outcome of a row of the import -> Bootstrap colour.
COLOURS = {
    "added": "success",
    "changed": "info",
    "unchanged": "secondary",
    "rejected": "danger",
}


class Addresses(EntityPages, Controller):
    """Delivery addresses of a legal entity, one by one and from a table."""

    def _get_address(self, entity, address_id, verb):
        """An address of a legal entity by id, archived or not, in sudo.

        :raise NotFound: there is none, or the role does not allow ``verb``
        """
        domain = entity._b2b_address_domain() & Domain("id", "=", address_id)
        Partner = request.env["res.partner"].with_context(active_test=False)
        address = Partner.search(domain)
        if not address or address._b2b_filtered(verb) != address:
            raise NotFound
        return address.sudo()

    def _check_may_import(self, entity):
        may = request.env["b2b.member"]._may
        if not any(may("address", verb, entity) for verb in ("create", "write")):
            raise Forbidden

    @route(
        [
            "/my/entities/<int:entity_id>/addresses",
            "/my/entities/<int:entity_id>/addresses/page/<int:page>",
        ],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def addresses(self, entity_id, page=1, search="", archived="", **kwargs):
        """Delivery addresses of a legal entity, with search and pages."""
        entity = self._get_entity(entity_id)
        self._check_may("address", "read", entity)
        domain = entity._b2b_address_domain()
        for word in search.split():
            domain &= Domain.OR(
                Domain(name, "ilike", word)
                for name in ("name", "city", "street", "b2b_contact_name")
            )
        Partner = request.env["res.partner"]
        pager = portal_pager(
            url=f"/my/entities/{entity.id}/addresses",
            total=Partner.search_count(domain),
            page=page,
            step=PAGE_SIZE,
            url_args={"search": search} if search else {},
        )
        found = Partner.search(
            domain, limit=PAGE_SIZE, offset=pager["offset"], order="name, id"
        )
        may = request.env["b2b.member"]._may
        return request.render(
            "b2b_portal.addresses",
            {
                "entity": entity,
                "addresses": found.sudo(),
                "total": Partner.search_count(domain),
                "search": search,
                "pager": pager,
                "may_create": may("address", "create", entity),
                "may_write": may("address", "write", entity),
                "may_delete": may("address", "delete", entity),
                "undo": self._get_undo(entity, archived),
                "message": self._pop_message(),
                "page_name": "b2b_addresses",
            },
        )

    def _get_undo(self, entity, archived):
        """The address (sudo) that was archived just now, or None."""
        if not archived.isdecimal():
            return None
        try:
            address = self._get_address(entity, int(archived), "delete")
        except NotFound:
            return None
        return None if address.active else address

    # === ONE ADDRESS === #

    @route(
        [
            "/my/entities/<int:entity_id>/addresses/new",
            "/my/entities/<int:entity_id>/addresses/<int:address_id>",
        ],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def address(self, entity_id, address_id=None, **kwargs):
        """Form of an address, an existing or a new one."""
        entity = self._get_entity(entity_id)
        address = self._get_target(entity, address_id)
        return self._render_form(entity, address, self._get_texts(entity, address))

    def _get_target(self, entity, address_id):
        """The address that a form speaks of; None: a new one, an empty record.

        :raise NotFound, Forbidden: the role does not allow it
        """
        if address_id is not None:
            return self._get_address(entity, address_id, "write")
        self._check_may("address", "create", entity)
        return entity.browse()

    def _get_texts(self, entity, address):
        """What the form shows at first, by field."""
        return {
            "name": address.name or "",
            "street": address.street or "",
            "city": address.city or "",
            "zip": address.zip or "",
            "region": address._b2b_get_region() if address else "",
            "country": (address or entity).country_id.code or "",
            "contact": address.b2b_contact_name or "",
            "phone": address.phone or "",
            "hours": address.b2b_hours or "",
            "unloading": address.b2b_unloading or "",
            "agreement": str(address.b2b_agreement_id.id or ""),
        }

    def _render_form(self, entity, address, texts, errors=None):
        return request.render(
            "b2b_portal.address",
            {
                "entity": entity,
                "address": address,
                "texts": texts,
                "errors": errors or {},
                "labels": self._get_labels(),
                "countries": request.env["res.country"].sudo().search([]),
                "agreements": entity._b2b_get_address_agreements(),
                "may_delete": bool(address and address._b2b_filtered("delete")),
                "page_name": "b2b_address",
            },
        )

    def _get_labels(self):
        """Labels of the fields of an address, by field."""
        env = request.env
        return {
            "name": env._("Name"),
            "street": env._("Street and house"),
            "city": env._("City"),
            "zip": env._("Postal code"),
            "region": env._("Region"),
            "country": env._("Country"),
            "contact": env._("Contact person"),
            "phone": env._("Phone"),
            "hours": env._("Receiving hours"),
            "unloading": env._("Unloading rules"),
            "agreement": env._("Default agreement"),
        }

    @route(
        [
            "/my/entities/<int:entity_id>/addresses/create",
            "/my/entities/<int:entity_id>/addresses/<int:address_id>/save",
        ],
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def save_address(self, entity_id, address_id=None, **posted):
        """Add or change an address; only the fields of the form are taken."""
        entity = self._get_entity(entity_id)
        address = self._get_target(entity, address_id)
        texts = {
            name: posted[name].strip()
            for name in FIELDS
            if isinstance(posted.get(name), str)
        }
        lookup = entity._b2b_get_address_lookup()
        values, errors = entity._b2b_parse_address(texts, lookup)
        if not errors:
            try:
                with request.env.cr.savepoint():
                    if address:
                        address.write(values)
                    else:
                        values = entity._b2b_prepare_new_address(values, lookup)
                        address = entity.create(values)
            except (UserError, ValidationError) as error:
                errors = {"": str(error)}
        if errors:
            known = self._get_texts(entity, address)
            return self._render_form(entity, address, known | texts, errors)
        self._tell(request.env._("“%(name)s” is saved.", name=address.name))
        return request.redirect(f"/my/entities/{entity.id}/addresses")

    @route(
        "/my/entities/<int:entity_id>/addresses/<int:address_id>/archive",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def archive_address(self, entity_id, address_id, **kwargs):
        """Take an address out of use; the next page offers to undo it."""
        return self._set_active(entity_id, address_id, False)

    @route(
        "/my/entities/<int:entity_id>/addresses/<int:address_id>/restore",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def restore_address(self, entity_id, address_id, **kwargs):
        """Undo the archiving of an address."""
        return self._set_active(entity_id, address_id, True)

    def _set_active(self, entity_id, address_id, active):
        entity = self._get_entity(entity_id)
        address = self._get_address(entity, address_id, "delete")
        address.active = active
        query = "" if active else f"?archived={address.id}"
        return request.redirect(f"/my/entities/{entity.id}/addresses{query}")

    # === TABLE === #

    @route(
        "/my/entities/<int:entity_id>/addresses/import",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def import_form(self, entity_id, **kwargs):
        """Page with the upload of a table of addresses."""
        entity = self._get_entity(entity_id)
        self._check_may_import(entity)
        return self._render_import(entity)

    def _render_import(self, entity, **values):
        return request.render(
            "b2b_portal.address_import",
            {
                "entity": entity,
                "max_rows": MAX_ROWS,
                "rows": None,
                "counts": {},
                "error": None,
                "outcomes": self._get_outcomes(),
                "colours": COLOURS,
                "page_name": "b2b_address_import",
            }
            | values,
        )

    def _get_outcomes(self):
        """Outcome of a row -> text."""
        return {
            "added": request.env._("Added"),
            "changed": request.env._("Changed"),
            "unchanged": request.env._("Unchanged"),
            "rejected": request.env._("Rejected"),
        }

    @route(
        "/my/entities/<int:entity_id>/addresses/import/run",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def run_import(self, entity_id, file=None, **kwargs):
        """Import a table; the answer shows every row with what became of it.

        Sent once more, the same file changes nothing.
        """
        entity = self._get_entity(entity_id)
        self._check_may_import(entity)
        try:
            with request.env.cr.savepoint():
                if not hasattr(file, "read"):
                    raise UserError(request.env._("Choose a file."))
                data = file.read(LIMITS.max_bytes + 1)
                rows = entity._b2b_import_addresses(data, file.filename)
        except (AccessError, UserError, ValidationError) as error:
            return self._render_import(entity, error=str(error))
        outcomes = [row.outcome for row in rows]
        counts = {code: outcomes.count(code) for code in OUTCOMES}
        return self._render_import(entity, rows=rows, counts=counts)

    @route(
        "/my/entities/<int:entity_id>/addresses/template.xlsx",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def template(self, entity_id, **kwargs):
        """A workbook with the heads of the columns and one example."""
        entity = self._get_entity(entity_id)
        self._check_may_import(entity)
        name = request.env._("Delivery addresses")
        return request.make_response(
            self._write_template(entity),
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
            ],
        )

    def _write_template(self, entity):
        """The template as the bytes of a workbook, filled with the addresses.

        Whoever changes many addresses starts from what is there.
        """
        buffer = io.BytesIO()
        # An address may begin with "=": never a formula here.
        workbook = xlsxwriter.Workbook(
            buffer, {"in_memory": True, "strings_to_formulas": False}
        )
        sheet = workbook.add_worksheet()
        labels = self._get_labels()
        bold = workbook.add_format({"bold": True})
        text = workbook.add_format({"num_format": "@"})
        sheet.set_column(0, len(FIELDS) - 1, 22, text)
        sheet.write_row(0, 0, [labels[name] for name in FIELDS], bold)
        Partner = request.env["res.partner"]
        addresses = Partner.search(
            entity._b2b_address_domain(), order="name, id", limit=MAX_ROWS
        )
        for number, address in enumerate(addresses.sudo(), start=1):
            texts = self._get_texts(entity, address)
            texts["country"] = address.country_id.name or ""
            agreement = address.b2b_agreement_id
            texts["agreement"] = agreement.number or agreement.name or ""
            for column, name in enumerate(FIELDS):
                sheet.write_string(number, column, texts[name], text)
        sheet.freeze_panes(1, 1)
        workbook.close()
        return buffer.getvalue()
