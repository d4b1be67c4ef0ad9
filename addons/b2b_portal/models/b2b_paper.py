# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.upload import MAX_BYTES, MAX_FILES, MB, UploadError, read_upload
from .b2b_reminder_mixin import REMIND_DAYS


class B2bPaper(models.Model):
    """A founding paper: asked for, uploaded, checked, refused, expiring.

    From a customer it belongs to a legal entity; from us it belongs to one, or to
    nobody: then every customer of the company sees it.
    """

    _name = "b2b.paper"
    _description = "Founding Paper"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "b2b.scope.mixin",
        "b2b.reminder.mixin",
    ]
    _order = "kind_id, id desc"
    _rec_names_search = ["kind_id", "number"]

    kind_id = fields.Many2one(
        "b2b.paper.kind", required=True, ondelete="restrict", index=True, tracking=True
    )
    name = fields.Char(compute="_compute_name")
    number = fields.Char()
    direction = fields.Selection(
        [("customer", "From the customer"), ("seller", "From us")],
        default="customer",
        required=True,
    )
    entity_id = fields.Many2one(
        "res.partner",
        "Legal entity",
        ondelete="restrict",
        index=True,
        domain=[("b2b_account_id", "!=", False)],
        tracking=True,
        help="Empty: our paper for every customer of the company.",
    )
    account_id = fields.Many2one(
        related="entity_id.b2b_account_id", store=True, index=True, string="Account"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        [
            ("requested", "Asked for"),
            ("uploaded", "Being checked"),
            ("checked", "Accepted"),
            ("refused", "Refused"),
        ],
        default="requested",
        required=True,
        tracking=True,
        index=True,
        group_expand=True,
    )
    reason = fields.Text("Why it is refused", tracking=True)
    note = fields.Text("Remark")
    attachment_ids = fields.Many2many(
        "ir.attachment", "b2b_paper_attachment_rel", string="Files", copy=False
    )
    date = fields.Date("Date of the paper")
    date_end = fields.Date("Valid until", tracking=True, index=True)
    validity = fields.Selection(
        [("valid", "Valid"), ("expiring", "Expires soon"), ("expired", "Expired")],
        compute="_compute_validity",
    )
    uploaded_member_id = fields.Many2one("b2b.member", "Uploaded by", readonly=True)
    uploaded_at = fields.Datetime(readonly=True, copy=False)
    checked_by_id = fields.Many2one("res.users", "Checked by", readonly=True)
    checked_at = fields.Datetime(readonly=True, copy=False)

    @api.depends("kind_id.name", "number")
    @api.depends_context("lang")
    def _compute_name(self):
        for paper in self:
            paper.name = " ".join(filter(None, (paper.kind_id.name, paper.number)))

    @api.depends("date_end")
    @api.depends_context("tz")
    def _compute_validity(self):
        today = fields.Date.context_today(self)
        soon = fields.Date.add(today, days=max(REMIND_DAYS))
        for paper in self:
            end = paper.date_end
            paper.validity = end and (
                "expired" if end < today else "expiring" if end <= soon else "valid"
            )

    @api.constrains("direction", "entity_id")
    def _check_entity(self):
        for paper in self:
            if paper.direction == "customer" and not paper.entity_id:
                raise ValidationError(
                    self.env._("A paper from the customer names the legal entity.")
                )
            if paper.entity_id and not paper.entity_id.b2b_account_id:
                raise ValidationError(
                    self.env._(
                        "%(name)s belongs to no customer account.",
                        name=paper.entity_id.name,
                    )
                )

    @api.constrains("date", "date_end")
    def _check_dates(self):
        for paper in self:
            if paper.date and paper.date_end and paper.date_end < paper.date:
                raise ValidationError(
                    self.env._("The paper expires before its own date.")
                )

    def write(self, vals):
        if "date_end" in vals:
            vals = vals | {"reminded_days": 0}
        return super().write(vals)

    # === SCOPE === #

    @api.model
    def _b2b_objects(self):
        ours_in_work = Domain("direction", "=", "seller") & Domain(
            "state", "!=", "checked"
        )
        return {"paper": ~ours_in_work}

    @api.model
    def _b2b_grant_domain(self, grant):
        """Add our papers for everyone, to read."""
        domain = super()._b2b_grant_domain(grant)
        if grant.verb == "read":
            domain |= Domain("direction", "=", "seller") & Domain(
                "entity_id", "=", False
            )
        return domain

    # === UPLOAD === #

    @api.model
    def _b2b_read_uploads(self, files):
        """Judge the files of a form.

        :param list files: of werkzeug's ``FileStorage``; empty fields are left out
        :return: list of (name, bytes, mimetype)
        :raise UserError: naming the file and why it is not kept
        """
        files = [file for file in files if file and file.filename]
        if len(files) > MAX_FILES:
            raise UserError(
                self.env._("At most %(count)s files at once.", count=MAX_FILES)
            )
        kept = []
        for file in files:
            try:
                found = read_upload(file)
            except UploadError as error:
                text = self._b2b_get_upload_text(error.code, file.filename)
                raise UserError(text) from error
            kept.append((found["name"], found["data"], found["mimetype"]))
        return kept

    @api.model
    def _b2b_get_upload_text(self, code, filename, max_bytes=MAX_BYTES):
        """The customer's text for the code of an ``UploadError``, with the file."""
        reason = {
            "empty": self.env._("The file is empty."),
            "too_large": self.env._(
                "The file is larger than %(limit)s MB.", limit=max_bytes // MB
            ),
            "bad_type": self.env._(
                "Only PDF, JPG, PNG, DOCX and XLSX are taken, whatever the name says."
            ),
            "macros": self.env._(
                "The document holds macros or programs. Save it as PDF."
            ),
            "damaged": self.env._("The file is damaged. Save it once more."),
        }[code]
        return self.env._(
            "%(file)s: %(reason)s", file=(filename or "")[:100], reason=reason
        )

    def _b2b_upload(self, member, files, **values):
        """Take the customer's files of the paper (single, sudo).

        :param member: ``b2b.member`` who uploads
        :param list files: as of :meth:`_b2b_read_uploads`
        :param values: number, date, date_end, note
        :raise UserError: nothing to upload, or nothing is expected; nothing changes
        """
        self.ensure_one()
        if not files:
            raise UserError(self.env._("Choose a file."))
        self._b2b_lock()
        if self.direction != "customer" or not self._b2b_is_awaited():
            raise UserError(
                self.env._("“%(name)s” is accepted already.", name=self.name)
            )
        if self.kind_id.has_validity and not values.get("date_end"):
            raise UserError(self.env._("Enter the day until which the paper is valid."))
        self.attachment_ids.unlink()
        self.write(
            values
            | {
                "state": "uploaded",
                "reason": False,
                "uploaded_member_id": member.id,
                "uploaded_at": fields.Datetime.now(),
                "checked_by_id": False,
                "checked_at": False,
            }
        )
        self._b2b_attach(files)
        self.account_id._b2b_remind_manager(
            self.env._(
                "Check “%(paper)s” of %(entity)s",
                paper=self.name,
                entity=self.entity_id.name,
            ),
            self,
        )

    def _b2b_is_awaited(self):
        """Whether the customer may upload the paper (single)."""
        return self.state != "checked" or self.validity in ("expiring", "expired")

    def _b2b_attach(self, files):
        """Keep checked files with the paper (single, sudo) as they came."""
        attachments = self.env["ir.attachment"].with_context(image_no_postprocess=True)
        self.attachment_ids = attachments.create(
            [
                {
                    "name": name,
                    "raw": data,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for name, data, mimetype in files
            ]
        )

    # === STAFF === #

    def action_check(self):
        """Accept papers (batch) of customers, publish our own.

        :raise UserError: a paper has no file
        """
        self.check_access("write")
        self._b2b_lock()
        for paper in self:
            if not paper.attachment_ids:
                raise UserError(
                    self.env._("“%(name)s” has no file yet.", name=paper.name)
                )
        self.write(
            {
                "state": "checked",
                "reason": False,
                "checked_by_id": self.env.uid,
                "checked_at": fields.Datetime.now(),
            }
        )
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self.env["b2b.document"]._record("paper", self.filtered("entity_id"))

    def action_refuse(self):
        """Ask for the reason, then refuse the papers (batch)."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse the paper"),
            "res_model": "b2b.paper.refuse",
            "view_mode": "form",
            "target": "new",
            "context": {"default_paper_ids": self.ids},
        }

    def _refuse(self, reason):
        """Refuse papers (batch) and tell whoever uploaded them.

        :param str reason: for the customer
        """
        self.check_access("write")
        self._b2b_lock()
        self.write({"state": "refused", "reason": reason})
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self.env["b2b.document"]._cancel(self)
        for paper in self.sudo().filtered("uploaded_member_id"):
            paper.message_notify(
                partner_ids=paper.uploaded_member_id.partner_id.ids,
                subject=self.env._("“%(name)s” is refused", name=paper.name),
                body=self.env._(
                    "“%(name)s” of %(entity)s is not accepted: %(reason)s",
                    name=paper.name,
                    entity=paper.entity_id.name,
                    reason=reason,
                ),
            )

    # === REGISTRY === #

    def _prepare_b2b_document(self):
        """Registry values of the paper (single)."""
        self.ensure_one()
        return {
            "name": self.with_context(lang=self.entity_id.lang).name,
            "date": self.date or fields.Date.context_today(self, self.checked_at),
            "state": "valid",
            "entity_id": self.entity_id.id,
            "member_id": self.uploaded_member_id.id,
            "company_id": self.company_id.id,
        }

    def _b2b_document_changed_at(self):
        """When the paper (single) last changed."""
        self.ensure_one()
        return self.write_date
