# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize

MAX_REQUISITE = 200


class ResPartner(models.Model):
    """Legal entities as their members see and change them."""

    _inherit = "res.partner"

    b2b_change_ids = fields.One2many(
        "b2b.entity.change", "entity_id", "Changes of requisites"
    )

    # === WHAT CORE'S PAGES MAY CHANGE === #

    def _can_be_edited_by_current_customer(self, *args, **kwargs):
        """A member edits nothing but the own contact through core's forms.

        Legal entities and their addresses have pages of their own.
        """
        allowed = super()._can_be_edited_by_current_customer(*args, **kwargs)
        if self.env["b2b.member"]._is_member(self.env.user):
            return allowed and self.id == self.env.user.partner_id.id
        return allowed

    @api.model
    def _get_frontend_writable_fields(self):
        """A member changes name, phone and e-mail of the own contact.

        Core copies the address and the tax number of a contact up to its company.
        """
        if self.env["b2b.member"]._is_member(self.env.user):
            return {"name", "phone", "email"}
        return super()._get_frontend_writable_fields()

    # === REQUISITES === #

    @api.model
    def _b2b_get_requisite_fields(self):
        """Names of the text fields that change by a request only; addons add some."""
        return ["name", "vat", "company_registry", "zip", "city", "street"]

    @api.model
    def _b2b_get_free_fields(self):
        """Names of the text fields of a legal entity that change at once."""
        return ["phone", "email", "website"]

    @api.model
    def _b2b_get_requisite_labels(self):
        """Labels of the requisites and contacts of a legal entity, by field."""
        names = self._b2b_get_requisite_fields() + self._b2b_get_free_fields()
        found = self.fields_get(names, ["string"])
        labels = {name: found[name]["string"] for name in names if name in found}
        return labels | {
            "name": self.env._("Name of the legal entity"),
            "vat": self.env._("Tax number"),
            "company_registry": self.env._("Registration number"),
        }

    def _b2b_check_requisites(self, values):
        """Refuse requisites that cannot be right; addons add their checks.

        :param dict values: field -> text, also for an entity that does not exist yet
        :raise ValidationError: with a text for the customer
        """
        if "name" in values and not values["name"]:
            raise ValidationError(self.env._("Enter the name of the legal entity."))
        if values.get("vat"):
            country = self.country_id or self.env.company.country_id
            name = values.get("name") or self.name
            self._run_vat_checks(country, values["vat"], name)
        if values.get("email") and not email_normalize(values["email"]):
            raise ValidationError(
                self.env._("“%(email)s” is no e-mail address.", email=values["email"])
            )

    def _b2b_request_change(self, texts, member):
        """Take a customer's new requisites and contacts of a legal entity.

        Contacts change at once, requisites become an open ``b2b.entity.change``
        that replaces an older open one.

        :param dict texts: field -> text; other fields than these are ignored
        :param member: ``b2b.member`` who asks
        :return: the change in sudo, empty where no requisite differs
        :raise ValidationError: with a text for the customer; nothing has changed
        """
        self.ensure_one()
        entity = self.sudo()
        free = entity._b2b_get_new_texts(texts, self._b2b_get_free_fields())
        asked = entity._b2b_get_new_texts(texts, self._b2b_get_requisite_fields())
        entity._b2b_check_requisites(free | asked)
        entity.write({name: value or False for name, value in free.items()})
        changes = self.env["b2b.entity.change"].sudo()
        if not asked:
            return changes
        entity.b2b_change_ids.filtered(lambda c: c.state == "open").state = "replaced"
        self.env.flush_all()
        lines = [
            {"field_name": name, "old_value": entity[name] or "", "new_value": value}
            for name, value in asked.items()
        ]
        change = changes.create(
            {
                "entity_id": entity.id,
                "member_id": member.id,
                "line_ids": [fields.Command.create(line) for line in lines],
            }
        )
        entity.b2b_account_id._b2b_remind_manager(
            self.env._("Check new requisites of %(entity)s", entity=entity.name), change
        )
        return change

    def _b2b_get_new_texts(self, texts, names):
        """The texts of ``names`` that differ from what the partner (single) has.

        :raise ValidationError: a text is too long
        """
        new = {}
        for name in names:
            text = " ".join((texts.get(name) or "").split())
            if name not in texts or text == (self[name] or ""):
                continue
            if len(text) > MAX_REQUISITE:
                raise ValidationError(
                    self.env._(
                        "%(field)s: at most %(limit)s characters.",
                        field=self._b2b_get_requisite_labels()[name],
                        limit=MAX_REQUISITE,
                    )
                )
            new[name] = text
        return new

    # === BANK ACCOUNTS === #

    def _b2b_check_bank(self, values):
        """Refuse bank details that cannot be right; addons add their checks.

        :param dict values: acc_number, bic, bank_name (texts without outer blanks)
        :raise ValidationError: with a text for the customer
        """
        number = values["acc_number"].replace(" ", "")
        if not 5 <= len(number) <= 34 or not number.isalnum():
            raise ValidationError(
                self.env._("The account number has 5 to 34 letters and digits.")
            )
        bic = values["bic"].replace(" ", "")
        if not 8 <= len(bic) <= 11 or not bic.isalnum():
            raise ValidationError(
                self.env._("The BIC of the bank has 8 to 11 letters and digits.")
            )

    def _b2b_add_bank(self, values):
        """Add a bank account of the legal entity (single, sudo).

        Nothing is paid to it before the seller's staff trusts it (core's
        ``allow_out_payment`` stays off).

        :param dict values: see :meth:`_b2b_check_bank`; other keys are ignored
        :return: ``res.partner.bank``
        :raise ValidationError, UserError: with a text for the customer
        """
        self.ensure_one()
        names = ("acc_number", "bic", "bank_name")
        values = {name: (values.get(name) or "").strip()[:100] for name in names}
        self._b2b_check_bank(values)
        number = values["acc_number"].replace(" ", "")
        known = self.with_context(active_test=False).bank_ids
        if number.upper() in known.mapped("sanitized_acc_number"):
            raise UserError(self.env._("This account is in the list already."))
        return known.create(
            {
                "partner_id": self.id,
                "acc_number": number,
                "bank_id": self._b2b_get_bank(values).id,
            }
        )

    def _b2b_get_bank(self, values):
        """The bank with the BIC of ``values``; a new one where none has it."""
        bic = values["bic"].replace(" ", "").upper()
        banks = self.env["res.bank"].sudo()
        bank = banks.search([("bic", "=", bic)], limit=1)
        return bank or banks.create({"name": values["bank_name"] or bic, "bic": bic})
