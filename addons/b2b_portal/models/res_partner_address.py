# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass, field

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

MAX_TEXT = {"unloading": 1000, "phone": 64}
MAX_TEXT_DEFAULT = 200
REQUIRED_TEXTS = ("name", "city", "street")
# Field of a form or a column of a file -> field of the address that holds its text.
PLAIN_TEXTS = {
    "name": "name",
    "street": "street",
    "city": "city",
    "zip": "zip",
    "contact": "b2b_contact_name",
    "phone": "phone",
    "hours": "b2b_hours",
    "unloading": "b2b_unloading",
}


@dataclass
class AddressLookup:
    """What texts of addresses may name, read once for any number of them.

    Every value is a dict key -> id; keys of names are case-folded.
    """

    country_id: int
    countries: dict = field(default_factory=dict)
    states: dict = field(default_factory=dict)
    agreements: dict = field(default_factory=dict)


class ResPartner(models.Model):
    """Delivery addresses of legal entities."""

    _inherit = "res.partner"

    b2b_contact_name = fields.Char("Contact person")
    b2b_region = fields.Char("Region")
    b2b_hours = fields.Char("Receiving hours")
    b2b_unloading = fields.Text("Unloading rules")
    b2b_agreement_id = fields.Many2one(
        "b2b.agreement",
        "Default agreement",
        index="btree_not_null",
        ondelete="set null",
        domain="[('entity_id', '=', commercial_partner_id)]",
        help="Orders under this agreement go to this address unless the buyer chooses "
        "another one.",
    )

    @api.constrains("b2b_agreement_id", "parent_id")
    def _check_b2b_default_agreement(self):
        for partner in self.filtered("b2b_agreement_id"):
            agreement = partner.b2b_agreement_id.sudo()
            if agreement.entity_id != partner.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(address)s: the default agreement is one of another legal "
                        "entity.",
                        address=partner.name,
                    )
                )

    def _handle_first_contact_creation(self):  # pylint: disable=missing-return
        """Leave the registered address of a legal entity alone.

        Core takes the address of the first contact for that of its company; here
        the registered address changes by a request only.
        """
        if not self.parent_id.b2b_account_id:
            super()._handle_first_contact_creation()

    def _b2b_address_domain(self):
        """Delivery addresses of the legal entities ``self`` (batch)."""
        return Domain("parent_id", "in", self.ids) & Domain("type", "=", "delivery")

    def _b2b_get_region(self):
        """Region of the address (single) as a text."""
        return self.b2b_region or self.state_id.name or ""

    def _b2b_get_place(self):
        """Where the address (single) is, in one line."""
        parts = (self.zip, self._b2b_get_region(), self.city, self.street)
        return ", ".join(filter(None, parts))

    def _b2b_get_address_label(self):
        """The address (single) in a list to choose from: name, place, hours."""
        label = ", ".join(filter(None, (self.name, self._b2b_get_place())))
        return f"{label} ({self.b2b_hours})" if self.b2b_hours else label

    # === TEXTS OF FORMS AND FILES === #

    def _b2b_get_address_agreements(self):
        """Agreements of the legal entity (single) that the current user may see.

        :return: ``b2b.agreement`` in sudo
        """
        Agreement = self.env["b2b.agreement"].sudo(False)
        domain = Domain("entity_id", "=", self.id) & Domain("state", "!=", "expired")
        return Agreement.search(domain).sudo()

    def _b2b_get_address_lookup(self):
        """What the texts of an address of the legal entity (single) may name.

        :return: :class:`AddressLookup`
        """
        self.ensure_one()
        country = self.country_id or self.env.company.country_id
        lookup = AddressLookup(country.id)
        for record in self.env["res.country"].sudo().search(Domain.TRUE):
            lookup.countries[record.name.casefold()] = record.id
            lookup.countries[record.code.casefold()] = record.id
        for state in self.env["res.country.state"].sudo().search(Domain.TRUE):
            lookup.states[state.country_id.id, state.name.casefold()] = state.id
        for agreement in self._b2b_get_address_agreements():
            for key in (str(agreement.id), agreement.name, agreement.number):
                if key:
                    lookup.agreements.setdefault(key.casefold(), agreement.id)
        return lookup

    def _b2b_parse_address(self, texts, lookup):
        """Turn the texts of a form or of a row of a file into values.

        Only what is in ``texts`` gets a value: an absent field stays as it is.
        Nothing but the fields of an address can be set this way.

        :param dict texts: field -> text, see ``tools.address_file.FIELDS``
        :param lookup: :class:`AddressLookup` of the legal entity (single)
        :return: (dict of field values, dict field -> text of the error)
        """
        errors, values = {}, {}
        for name, text in texts.items():
            limit = MAX_TEXT.get(name, MAX_TEXT_DEFAULT)
            if len(text) > limit:
                errors[name] = self.env._(
                    "At most %(limit)s characters, please.", limit=limit
                )
            elif name in PLAIN_TEXTS:
                values[PLAIN_TEXTS[name]] = text or False
        for name in REQUIRED_TEXTS:
            if not texts.get(name) and name not in errors:
                errors[name] = self._b2b_missing_text(name)
        self._b2b_parse_place(texts, lookup, values, errors)
        key = texts.get("agreement", "").casefold()
        if "agreement" in texts:
            values["b2b_agreement_id"] = lookup.agreements.get(key, False)
            if key and not values["b2b_agreement_id"]:
                errors["agreement"] = self.env._(
                    "%(entity)s has no such agreement.", entity=self.name
                )
        return values, errors

    def _b2b_parse_place(self, texts, lookup, values, errors):
        """Country and region of :meth:`_b2b_parse_address`."""
        country_id = lookup.country_id
        key = texts.get("country", "").casefold()
        if key:
            country_id = lookup.countries.get(key)
            if not country_id:
                errors["country"] = self.env._("There is no such country.")
        if "country" in texts:
            values["country_id"] = country_id or False
        if "region" in texts:
            region = texts["region"]
            values["b2b_region"] = region or False
            values["state_id"] = lookup.states.get(
                (country_id, region.casefold()), False
            )

    @api.model
    def _b2b_missing_text(self, name):
        """The error for a required field of an address that is empty."""
        return {
            "name": self.env._("Name the address: drivers know it by its name."),
            "city": self.env._("Enter the city."),
            "street": self.env._("Enter the street and the house."),
        }[name]

    def _b2b_prepare_new_address(self, values, lookup):
        """Values of a new address of the legal entity (single, sudo)."""
        self.ensure_one()
        return (
            {"country_id": lookup.country_id}
            | values
            | {
                "type": "delivery",
                "parent_id": self.id,
                "lang": self.lang,
                "company_id": self.company_id.id,
            }
        )
