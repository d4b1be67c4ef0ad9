# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import is_html_empty

# {{ customer.name }}; the editor likes to put no-break spaces inside.
PLACEHOLDER = re.compile(r"\{\{(?:\s|&nbsp;|\xa0)*([^{}<>]*?)(?:\s|&nbsp;|\xa0)*\}\}")


class B2bContractTemplate(models.Model):
    """The seller's contract, in versions."""

    _name = "b2b.contract.template"
    _description = "Template of Contracts"
    _inherit = ["mail.thread"]
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    version_ids = fields.One2many("b2b.contract.template.version", "template_id")
    version_id = fields.Many2one(
        "b2b.contract.template.version", "In force", compute="_compute_version_id"
    )

    @api.depends("version_ids.state", "version_ids.date_from")
    def _compute_version_id(self):
        today = fields.Date.context_today(self)
        for template in self:
            template.version_id = template.version_ids.filtered(
                lambda v: v.state == "published" and v.date_from <= today
            ).sorted("number")[-1:]

    def action_new_version(self):
        """Start a draft from the last version of the template (single)."""
        self.ensure_one()
        versions = self.version_ids.sorted("number")
        if versions and versions[-1].state == "draft":
            raise UserError(self.env._("Publish or delete the draft first."))
        number = versions[-1:].number + 1
        if versions:
            versions[-1].copy({"number": number})
        else:
            versions.create({"template_id": self.id, "number": number})


class B2bContractTemplateVersion(models.Model):
    """One wording of the contract; once published it stays as it is."""

    _name = "b2b.contract.template.version"
    _description = "Version of a Contract Template"
    _order = "template_id, number desc"

    template_id = fields.Many2one(
        "b2b.contract.template", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="template_id.company_id")
    number = fields.Integer("Version", default=1, required=True)
    body = fields.Html(
        "Text", translate=True, sanitize=True, sanitize_attributes=True, default=""
    )
    date_from = fields.Date("In force from", copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    re_accept = fields.Boolean(
        "Customers accept it anew",
        help="Customers who have accepted an older version are asked to accept this "
        "one.",
    )
    grace_days = fields.Integer(
        "Days of grace",
        default=14,
        help="Orders stay possible under the older version for this many days.",
    )
    note = fields.Char("What has changed", translate=True)
    published_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    published_at = fields.Datetime(readonly=True, copy=False)
    placeholder_help = fields.Text(compute="_compute_placeholder_help")

    _number_unique = models.Constraint(
        "UNIQUE(template_id, number)", "The template has this version already."
    )
    _grace_positive = models.Constraint(
        "CHECK(grace_days >= 0)", "Days of grace cannot be negative."
    )

    @api.depends("number", "template_id.name")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(name)s, version %(number)s",
                name=version.template_id.name,
                number=version.number,
            )

    @api.depends_context("lang")
    def _compute_placeholder_help(self):
        names = self.env["b2b.contract"]._get_placeholder_names()
        text = "\n".join(f"{{{{ {name} }}}}: {label}" for name, label in names.items())
        self.placeholder_help = text

    # === IMMUTABLE ONCE PUBLISHED === #

    def _check_not_published(self):
        if any(version.state == "published" for version in self):
            raise UserError(
                self.env._(
                    "Customers have accepted or may accept the published text: make a "
                    "new version."
                )
            )

    def write(self, vals):
        self._check_not_published()
        return super().write(vals)

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        self._check_not_published()
        return super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_not_published()

    # === PUBLISHING === #

    def action_publish(self):
        """Put the drafts (batch) in force from their date, today by default.

        :raise ValidationError: the text is empty or names an unknown placeholder
        """
        for version in self.filtered(lambda v: v.state == "draft"):
            version._check_body()
            version.write(
                {
                    "state": "published",
                    "date_from": version.date_from or fields.Date.context_today(self),
                    "published_by_id": self.env.uid,
                    "published_at": fields.Datetime.now(),
                }
            )
        cron = self.env.ref("b2b_portal.ir_cron_contract", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()

    def _check_body(self):
        """Refuse an empty text and unknown placeholders, in every language."""
        known = self.env["b2b.contract"]._get_placeholder_names()
        for code, _name in self.env["res.lang"].get_installed():
            body = self.with_context(lang=code).body
            if is_html_empty(body):
                raise ValidationError(self.env._("The contract has no text."))
            for name in PLACEHOLDER.findall(body):
                if name not in known:
                    raise ValidationError(
                        self.env._(
                            "Nothing is known to put in the place of “%(name)s”. Use "
                            "one of these: %(known)s",
                            name=name,
                            known=", ".join(known),
                        )
                    )

    def _render(self, values, lang):
        """The text (single) with its placeholders filled in.

        Plain replacement: nothing in the text or in the values is evaluated.

        :param dict values: placeholder -> text
        :param str lang: language of the text
        :return: str of HTML
        """
        self.ensure_one()
        body = str(self.with_context(lang=lang).body)
        return PLACEHOLDER.sub(lambda m: str(escape(values[m[1]] or "—")), body)

    def _needs_acceptance_after(self, accepted):
        """Whether whoever accepted one version must accept this one (single).

        :param accepted: an older version of the same template
        """
        between = self.template_id.version_ids.filtered(
            lambda v: v.state == "published" and accepted.number < v.number
        )
        return any(v.re_accept for v in between if v.number <= self.number)

    @api.model
    def _get_in_force(self, company):
        """The version by which a company (single) makes contracts, or empty."""
        return company.sudo().b2b_contract_template_id.version_id
