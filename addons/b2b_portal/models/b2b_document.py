# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain


class B2bDocument(models.Model):
    """The registry of every paper that a customer may see.

    Events of the source records write the rows; the PDF is rendered on first
    use and kept as an attachment of the row, so access to the file follows
    access to the row.
    """

    _name = "b2b.document"
    _description = "Document for the Customer"
    _inherit = ["b2b.scope.mixin"]
    _order = "date desc, id desc"
    _b2b_member_path = "member_id"

    kind = fields.Selection(
        [
            ("proforma", "Proforma invoice"),
            ("invoice", "Invoice"),
            ("waybill", "Waybill"),
        ],
        required=True,
        index=True,
    )
    name = fields.Char("Number", required=True, index=True)
    date = fields.Date(required=True)
    state = fields.Selection(
        [("valid", "Valid"), ("cancelled", "Cancelled")],
        default="valid",
        required=True,
    )
    entity_id = fields.Many2one(
        "res.partner", "Legal entity", required=True, index=True, ondelete="restrict"
    )
    agreement_id = fields.Many2one("b2b.agreement", index=True)
    member_id = fields.Many2one("b2b.member", index="btree_not_null")
    order_id = fields.Many2one("sale.order", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True)
    currency_id = fields.Many2one("res.currency")
    amount = fields.Monetary()
    res_model = fields.Char("Source model", required=True)
    res_id = fields.Many2oneReference(
        "Source record", model_field="res_model", required=True
    )
    attachment_id = fields.Many2one("ir.attachment", "File", copy=False)
    rendered_at = fields.Datetime(copy=False)

    _source_unique = models.UniqueIndex(
        "(kind, res_model, res_id)", "This paper is in the registry already."
    )

    @api.model
    def _get_kind_reports(self):
        """Reports that print each kind.

        :return: dict kind -> xmlid of an ``ir.actions.report``
        """
        return {
            "proforma": "b2b_portal.report_proforma",
            "invoice": "b2b_portal.report_invoice",
            "waybill": "b2b_portal.report_waybill",
        }

    @api.model
    def _b2b_objects(self):
        """A paper is as visible as the record that it prints."""
        return {
            "order": Domain("kind", "=", "proforma"),
            "invoice": Domain("kind", "=", "invoice"),
            "delivery": Domain("kind", "=", "waybill"),
        }

    @api.model
    def _b2b_scope_domain(self, verb):
        """Papers are read; who may change an order changes no paper of it."""
        if verb != "read":
            return Domain.FALSE
        return super()._b2b_scope_domain(verb)

    @api.model
    def _record(self, kind, records):
        """Write or refresh the registry rows of source records (batch).

        Idempotent: a record has one row of a kind.

        :param str kind: value of :attr:`kind`
        :param records: source records of one model with
            ``_prepare_b2b_document``; those without a legal entity are skipped
        :return: the rows, in sudo
        """
        documents = self.sudo()
        known = documents.search(
            [
                ("kind", "=", kind),
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
            ]
        )
        by_source = {document.res_id: document for document in known}
        to_create = []
        for record in records.sudo():
            values = record._prepare_b2b_document()
            if not values.get("entity_id"):
                continue
            values |= {"kind": kind, "res_model": record._name, "res_id": record.id}
            if record.id in by_source:
                by_source[record.id].write(values)
            else:
                to_create.append(values)
        return known | documents.create(to_create)

    @api.model
    def _cancel(self, records):
        """Mark every paper of the source records as cancelled (batch)."""
        self.sudo().search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        ).state = "cancelled"

    def _get_source(self):
        """The record that the paper (single) prints."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)

    def _is_stale(self):
        """Whether the kept file is older than the record that it prints."""
        self.ensure_one()
        if not self.attachment_id or not self.rendered_at:
            return True
        return self._get_source()._b2b_document_changed_at() > self.rendered_at

    def _get_pdf(self):
        """The paper (single) as PDF; rendered when needed, then kept.

        The caller has checked that the user may read the row.

        :return: bytes
        """
        document = self.sudo()
        document.ensure_one()
        if document._is_stale():
            document._render()
        return document.attachment_id.raw

    def _render(self):
        """Print the paper (single) and keep the file with the row."""
        self.ensure_one()
        report = self._get_kind_reports()[self.kind]
        pdf, _type = (
            self.env["ir.actions.report"]
            .with_context(
                lang=self.entity_id.lang or self.env.lang,
                # what is kept must be the PDF, also where core's tests take HTML
                force_report_rendering=True,
            )
            ._render_qweb_pdf(report, [self.res_id])
        )
        self.attachment_id.unlink()
        self.attachment_id = self.env["ir.attachment"].create(
            {
                "name": self._get_filename(),
                "raw": pdf,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.rendered_at = fields.Datetime.now()

    def _get_filename(self):
        """File name of the PDF (single), safe on every system."""
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        name = f"{kinds[self.kind]} {self.name}.pdf"
        return "".join("_" if char in '\\/:*?"<>|' else char for char in name)
