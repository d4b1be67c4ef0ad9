# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
import secrets
from datetime import timedelta

import pytz

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

STATES = [
    ("submitted", "Being checked"),
    ("more", "More is needed"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("cancelled", "Withdrawn"),
]
OPEN_STATES = ("submitted", "more")


class B2bRegistration(models.Model):
    """An application for access; no user exists before it is approved.

    Three files: the record here, what the visitor's form may say in
    ``b2b_registration_form``, decisions in ``b2b_registration_decision``.
    """

    _name = "b2b.registration"
    _description = "Registration"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "submitted_at desc, id desc"

    kind = fields.Selection(
        [
            ("account", "New customer"),
            ("entity", "Further legal entity"),
            ("join", "Wants to join an account"),
        ],
        required=True,
        default="account",
    )
    state = fields.Selection(
        STATES, required=True, default="submitted", tracking=True, copy=False
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    website_id = fields.Many2one("website")
    lang = fields.Char("Language", default=lambda self: self.env.lang)
    # requisites
    name = fields.Char("Company", required=True)
    country_id = fields.Many2one("res.country", required=True)
    vat = fields.Char("Tax number", required=True)
    vat_key = fields.Char(compute="_compute_vat_key", store=True, index=True)
    zip = fields.Char()
    city = fields.Char()
    street = fields.Char("Legal address")
    phone = fields.Char("Company phone")
    site = fields.Char("Company website")
    # contact
    contact_name = fields.Char("Contact", required=True)
    contact_job = fields.Char("Position")
    email = fields.Char("E-mail", required=True, index=True)
    contact_phone = fields.Char("Phone")
    segment_id = fields.Many2one("b2b.segment", ondelete="restrict")
    region_id = fields.Many2one("res.country.state", "Region of delivery")
    comment = fields.Text("Comment of the applicant")
    # check
    manager_id = fields.Many2one(
        "res.users", "Checked by", domain=[("share", "=", False)], tracking=True
    )
    submitted_at = fields.Datetime(default=fields.Datetime.now, readonly=True)
    deadline = fields.Datetime(readonly=True, help="By when it must be checked.")
    decided_at = fields.Datetime(readonly=True)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True)
    request_text = fields.Text("What is missing", readonly=True)
    reason = fields.Text("Reason of the refusal", readonly=True)
    file_ids = fields.One2many("b2b.registration.file", "registration_id", "Files")
    file_count = fields.Integer(compute="_compute_file_count")
    consent_ids = fields.One2many(
        "b2b.registration.consent", "registration_id", "Consents", readonly=True
    )
    # outcome
    partner_id = fields.Many2one(
        "res.partner",
        "Known contact",
        domain="[('is_company', '=', True), ('parent_id', '=', False)]",
        help="A company in the address book with this tax number: approval makes it "
        "the legal entity, in place of a second one.",
    )
    account_id = fields.Many2one("b2b.account", index=True, ondelete="cascade")
    entity_id = fields.Many2one(
        "res.partner", "Legal entity", readonly=True, index="btree_not_null"
    )
    member_id = fields.Many2one("b2b.member", ondelete="set null")
    join_role_ids = fields.Many2many(
        "b2b.role",
        string="Roles to give",
        domain="[('assignable', '=', True), "
        "'|', ('account_id', '=', False), ('account_id', '=', account_id)]",
    )
    access_token = fields.Char(
        default=lambda self: secrets.token_urlsafe(32),
        groups="base.group_system",
        copy=False,
        readonly=True,
    )
    form_key = fields.Char(copy=False, readonly=True)

    _form_key_unique = models.Constraint(
        "UNIQUE(form_key)", "This form has been sent already."
    )

    @api.depends("vat", "country_id")
    def _compute_vat_key(self):
        for registration in self:
            registration.vat_key = self._get_vat_key(
                registration.vat, registration.country_id
            )

    @api.depends("file_ids")
    def _compute_file_count(self):
        for registration in self:
            registration.file_count = len(registration.file_ids)

    @api.depends("name", "contact_name")
    def _compute_display_name(self):
        for registration in self:
            parts = [registration.name, registration.contact_name]
            registration.display_name = ", ".join(filter(None, parts))

    @api.model_create_multi
    def create(self, vals_list):
        registrations = super().create(vals_list)
        for registration in registrations:
            registration._prepare_check()
        return registrations

    def _prepare_check(self):
        """Give a new registration (single, sudo or staff) its manager and deadline."""
        registration = self.sudo()
        if not registration.manager_id:
            registration.manager_id = (
                registration.account_id.manager_id
                or registration.company_id._b2b_choose_registration_manager()
            )
        if not registration.partner_id and registration.kind != "join":
            registration.partner_id = registration._find_partner()
        if registration.state == "submitted":
            registration.deadline = registration._get_deadline()

    @api.model
    def _as_system(self, website):
        """The model in sudo for a form of a visitor of ``website``.

        As the superuser, not as the public user: that one is no author of messages.
        """
        return self.with_user(SUPERUSER_ID).with_context(
            lang=self.env.lang,
            mail_create_nosubscribe=True,
            mail_create_nolog=True,
            allowed_company_ids=website.company_id.ids,
        )

    # === TAX NUMBERS === #

    @api.model
    def _get_vat_key(self, vat, country):
        """The tax number without spaces, signs and the country's own prefix."""
        key = re.sub(r"[\W_]", "", vat or "").upper()
        prefix = country.code or ""
        if prefix and key.startswith(prefix) and key[len(prefix) :].isdigit():
            key = key[len(prefix) :]
        return key

    def _find_by_vat(self, condition):
        """Companies with the tax number of this registration (single, sudo).

        :param SQL condition: what else they must be
        :return: ``res.partner`` records, the oldest first
        """
        if not self.vat_key:
            return self.env["res.partner"]
        self.env["res.partner"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT id FROM res_partner
                WHERE upper(regexp_replace(vat, '[^0-9A-Za-z]', '', 'g')) IN %s
                    AND %s AND active AND is_company AND parent_id IS NULL
                ORDER BY id
                """,
                (self.vat_key, f"{self.country_id.code}{self.vat_key}"),
                condition,
            )
        )
        return self.env["res.partner"].browse(row[0] for row in self.env.cr.fetchall())

    def _find_entity(self):
        """The legal entity of an account with this tax number, if there is one."""
        found = self._find_by_vat(SQL("b2b_account_id IS NOT NULL"))
        return found.filtered("b2b_account_id.active")[:1]

    def _find_partner(self):
        """A company with this tax number that is no customer of the portal yet."""
        found = self._find_by_vat(SQL("b2b_account_id IS NULL"))
        return found.filtered(
            lambda p: not p.ref_company_ids
            and (not p.company_id or p.company_id == self.company_id)
        )[:1]

    # === TIME === #

    def _get_deadline(self):
        """Now + the company's hours; Saturdays and Sundays do not count.

        :return: naive UTC datetime
        """
        company = self.company_id
        zone = pytz.timezone(
            company.resource_calendar_id.tz or self.manager_id.tz or "UTC"
        )
        moment = pytz.utc.localize(fields.Datetime.now()).astimezone(zone)
        moment = moment.replace(tzinfo=None)
        left = timedelta(hours=max(company.b2b_registration_hours, 1))
        while left or moment.weekday() >= 5:
            midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
            midnight += timedelta(days=1)
            if moment.weekday() >= 5:
                moment = midnight
                continue
            part = min(left, midnight - moment)
            moment, left = moment + part, left - part
        return zone.localize(moment).astimezone(pytz.utc).replace(tzinfo=None)

    # === MESSAGES === #

    def _get_status_url(self):
        """Address of the applicant's page, with its token (single)."""
        registration = self.sudo()
        path = f"/b2b/signup/status/{registration.id}/{registration.access_token}"
        return registration._get_site_url() + path

    def _get_join_url(self):
        """Address of the page where a director decides (single)."""
        return f"{self._get_site_url()}/my/join/{self.id}"

    def _get_site_url(self):
        return (self.website_id or self.company_id).get_base_url()

    def _send_mail(self, name, **values):
        """Queue a mail of this addon's template ``b2b_registration_mail_<name>``.

        It leaves after the commit, so nothing is sent for what is rolled back.

        :param dict values: values of ``mail.mail`` over the template's
        """
        self.ensure_one()
        template = self.env.ref(f"b2b_portal.b2b_registration_mail_{name}").sudo()
        mail = self.env["mail.mail"].sudo()
        mail = mail.browse(template.send_mail(self.id, email_values=values))
        mail.send_after_commit()
        return mail

    def _notify_manager(self):
        """Put the registration (single, sudo) on the manager's list."""
        self._forget_activities()
        if self.manager_id:
            self.message_subscribe(self.manager_id.partner_id.ids)
            zone = pytz.timezone(self.manager_id.tz or "UTC")
            day = pytz.utc.localize(self.deadline).astimezone(zone).date()
            self.activity_schedule(
                "b2b_portal.mail_activity_type_registration",
                date_deadline=day,
                user_id=self.manager_id.id,
            )

    def _forget_activities(self):
        self.activity_unlink(["b2b_portal.mail_activity_type_registration"])

    def _notify_directors(self):
        """Tell those who may let people into the account (single, sudo).

        Nobody may: the manager decides.
        """
        deciders = self.account_id._b2b_get_deciders("member", "create")
        if not deciders:
            self._notify_manager()
        for language, members in deciders.grouped(lambda m: m.user_id.lang).items():
            self.with_context(registration_lang=language)._send_mail(
                "join", email_to=",".join(filter(None, members.mapped("email")))
            )

    # === FILES === #

    def _add_files(self, files):
        """Keep checked files (single, sudo).

        :param list files: dicts of kind, name, data, mimetype
        """
        attachments = self.env["ir.attachment"].with_context(image_no_postprocess=True)
        attachments = attachments.create(
            [
                {
                    "name": file["name"],
                    "raw": file["data"],
                    "mimetype": file["mimetype"],
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for file in files
            ]
        )
        self.env["b2b.registration.file"].create(
            [
                {
                    "registration_id": self.id,
                    "kind": file["kind"],
                    "attachment_id": attachment.id,
                }
                for file, attachment in zip(files, attachments, strict=True)
            ]
        )

    def _hand_over_files(self, entity):
        """Move the files (single, sudo) to the approved legal entity. A hook."""
        self.file_ids.attachment_id.write(
            {"res_model": entity._name, "res_id": entity.id}
        )

    # === LOCK === #

    def _lock(self):
        """Make concurrent decisions (sudo) wait, then start over.

        With it all open registrations of the same tax numbers: two applications of
        one firm do not become two accounts. An UPDATE: see
        ``b2b.lock.mixin``.
        """
        self.env.flush_all()
        keys = tuple(filter(None, self.mapped("vat_key"))) or ("",)
        self.env.cr.execute(
            SQL(
                """
                UPDATE b2b_registration SET write_date = write_date
                WHERE id IN %s
                    OR (vat_key IN %s AND vat_key != '' AND state IN %s)
                """,
                tuple(self.ids),
                keys,
                OPEN_STATES,
            )
        )
        self.env.invalidate_all()

    def _check_open(self):
        """:raise UserError: decided already, or withdrawn (single)"""
        if self.state not in OPEN_STATES:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "The registration of %(name)s cannot be decided now: %(state)s.",
                    name=self.name,
                    state=states[self.state].lower(),
                )
            )

    @api.constrains("kind", "account_id")
    def _check_account(self):
        for registration in self:
            if registration.kind != "account" and not registration.account_id:
                raise ValidationError(
                    self.env._("Which account? A new customer only has none yet.")
                )
