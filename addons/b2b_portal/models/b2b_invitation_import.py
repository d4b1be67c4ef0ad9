# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.order_file import OrderFileError
from ..tools.people_file import MAX_PEOPLE, read_people


class B2bInvitationImport(models.Model):
    """One file with colleagues to invite: every row and what became of it."""

    _name = "b2b.invitation.import"
    _description = "Invitations from a File"
    _order = "id desc"

    name = fields.Char("File", required=True)
    account_id = fields.Many2one("b2b.account", required=True, ondelete="cascade")
    rows = fields.Json(help="List of dicts: row, name, email, role, outcome, text.")
    count_read = fields.Integer("Rows read")
    count_invited = fields.Integer("Invited")
    count_rejected = fields.Integer("Rejected")

    @api.model
    def _run(self, account, data, filename, defaults):
        """Invite everybody of a file; a row that cannot be is left out with a reason.

        :param bytes data: the file
        :param dict defaults: values of ``b2b.invitation._invite`` that no column
            has: role_ids, entity_ids, all_entities, supervisor_id, confirm
        :return: the run, in sudo
        :raise UserError: the file as a whole cannot be read; nobody is invited
        """
        try:
            people = read_people(data, filename)
        except OrderFileError as error:
            raise UserError(self._get_file_error_text(error)) from error
        finder = _Finder(self.env, account)
        invitations = self.env["b2b.invitation"].sudo()
        rows = []
        for person in people:
            row, invitation = self._invite_row(account, person, finder, defaults)
            rows.append(row)
            invitations |= invitation
        invitations._send()
        invited = len(invitations)
        return self.sudo().create(
            {
                "name": (filename or "")[:200] or self.env._("File"),
                "account_id": account.id,
                "rows": rows,
                "count_read": len(rows),
                "count_invited": invited,
                "count_rejected": len(rows) - invited,
            }
        )

    @api.model
    def _invite_row(self, account, person, finder, defaults):
        """Invite one person of a file.

        :return: (the row of the result, a dict; the invitation or an empty one)
        """
        result = {
            "row": person.row,
            "name": person.name,
            "email": person.email,
            "role": person.role,
        }
        try:
            with self.env.cr.savepoint():
                vals = defaults | {
                    "name": person.name,
                    "email": person.email,
                    "department": person.department,
                }
                if person.role:
                    vals["role_ids"] = finder.find_roles(person.role)
                if person.entities:
                    vals["all_entities"] = False
                    vals["entity_ids"] = finder.find_entities(person.entities)
                invitation = self.env["b2b.invitation"]._invite(account, vals)
        except (AccessError, UserError) as error:
            nothing = self.env["b2b.invitation"]
            return result | {"outcome": "rejected", "text": str(error)}, nothing
        return result | {"outcome": "invited", "text": ""}, invitation

    @api.model
    def _get_file_error_text(self, error):
        """What is said of a file that cannot be read."""
        texts = {
            "no_columns": self.env._(
                "No column with e-mail addresses was found. Head the columns “Name”, "
                "“E-mail”, “Role”, “Department” and “Legal entities” in a first row."
            ),
            "no_rows": self.env._("The file names nobody."),
            "too_many_rows": self.env._(
                "The file has more than %(limit)s people. Split it.", limit=MAX_PEOPLE
            ),
        }
        if error.code in texts:
            return texts[error.code]
        return self.env["b2b.cart.import"]._get_file_error_text(error)


class _Finder:
    """Roles and legal entities by the words of a file; read once for all rows."""

    def __init__(self, env, account):
        self.env = env
        self.roles = {}
        for role in env["b2b.role"]._get_assignable(account):
            self.roles[role.name.casefold()] = role.id
            self.roles.setdefault(role.code.casefold(), role.id)
        self.entities = {}
        for entity in env["b2b.member"]._get_givable_entities(account):
            self.entities[entity.name.casefold()] = entity.id
            if entity.vat:
                self.entities[entity.vat.casefold()] = entity.id

    def find_roles(self, text):
        """Ids of the roles that a cell names.

        :raise UserError: naming the word that is none
        """
        return [
            self._find(self.roles, word, self.env._("There is no role “%s” here."))
            for word in self._split(text, self.roles)
        ]

    def find_entities(self, text):
        """Ids of the legal entities that a cell names, by name or tax number.

        :raise UserError: naming the word that is none
        """
        message = self.env._("There is no legal entity “%s” here.")
        return [
            self._find(self.entities, word, message)
            for word in self._split(text, self.entities)
        ]

    def _split(self, text, known):
        """The words of a cell; names may hold commas themselves."""
        if text.strip().casefold() in known:
            return [text]
        return [word for word in re.split(r"[;,\n]", text) if word.strip()]

    def _find(self, known, word, message):
        found = known.get(word.strip().casefold())
        if not found:
            raise UserError(message % word.strip()[:100])
        return found
