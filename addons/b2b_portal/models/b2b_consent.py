# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class B2bConsent(models.Model):
    """A text that an applicant agrees to; a new wording is a new version."""

    _name = "b2b.consent"
    _description = "Consent"
    _order = "sequence, id"

    name = fields.Char(
        required=True,
        translate=True,
        help="What stands beside the box, such as “I agree to ...”.",
    )
    text = fields.Html(translate=True, sanitize=True)
    required = fields.Boolean(default=True)
    version = fields.Integer(default=1, readonly=True, copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    def write(self, vals):
        before = [(consent.name, consent.text) for consent in self]
        result = super().write(vals)
        for consent, old in zip(self, before, strict=True):
            if (consent.name, consent.text) != old:
                super(B2bConsent, consent).write({"version": consent.version + 1})
        return result


class B2bRegistrationConsent(models.Model):
    """Who agreed to which version, when and from where."""

    _name = "b2b.registration.consent"
    _description = "Consent of an Applicant"
    _order = "registration_id, id"
    _rec_name = "consent_id"

    registration_id = fields.Many2one(
        "b2b.registration", required=True, ondelete="cascade", index=True
    )
    consent_id = fields.Many2one("b2b.consent", required=True, ondelete="restrict")
    version = fields.Integer(required=True)
    text = fields.Html(help="The wording that was shown.")
    accepted_at = fields.Datetime(required=True)
    ip = fields.Char("IP address")
