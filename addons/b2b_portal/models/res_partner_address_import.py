# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass

from odoo import api, models
from odoo.exceptions import UserError

from ..tools.address_file import read_address_file
from ..tools.order_file import OrderFileError

OUTCOMES = ("added", "changed", "unchanged", "rejected")


@dataclass
class AddressImportRow:
    """A row of an address file and what became of it.

    ``outcome`` is one of ``OUTCOMES``, ``text`` says why.
    """

    row: int
    name: str
    outcome: str = "added"
    text: str = ""
    values: dict | None = None
    address: object = None

    def reject(self, text):
        """Leave the row out, saying why."""
        self.outcome, self.text = "rejected", text


class ResPartner(models.Model):
    """Import of delivery addresses from a table."""

    _inherit = "res.partner"

    def _b2b_import_addresses(self, data, filename):
        """Add and change delivery addresses of a legal entity (single, sudo).

        A row changes the address with the same name. Every row of the file is in
        the answer. The number of queries does not depend on how many rows are new;
        core adds one for each address that changes (letters to send to it).

        :param bytes data: XLSX, XLS or CSV
        :return: list of :class:`AddressImportRow`
        :raise UserError: the file as a whole cannot be read; nothing has changed
        """
        self.ensure_one()
        try:
            read = read_address_file(data, filename)
        except OrderFileError as error:
            raise UserError(self._b2b_get_address_file_error(error)) from error
        rows = self._b2b_judge_addresses(read)
        quiet = self.with_context(
            tracking_disable=True, mail_create_nosubscribe=True, mail_create_nolog=True
        )
        quiet._b2b_create_addresses(
            [row.values for row in rows if row.outcome == "added"]
        )
        for row in rows:
            if row.outcome == "changed":
                row.address.with_env(quiet.env).write(row.values)
        return rows

    def _b2b_create_addresses(self, values_list):
        """Create addresses of the legal entity (single), all at once.

        Core copies the commercial values of the company to each new child by
        queries of its own: here they come with the values, and once for all.

        :param list values_list: as of :meth:`_b2b_prepare_new_address`
        """
        commercial = self._get_commercial_values()
        addresses = self.with_context(
            _partners_skip_fields_sync=True, b2b_vat_is_copied=True
        ).create([commercial | values for values in values_list])
        # what core computes from the tax number, it computes under this context
        addresses.flush_recordset()
        if addresses:
            addresses.with_env(self.env)._company_dependent_commercial_sync()

    @api.model
    def _run_vat_checks(self, country, vat, partner_name="", validation="error"):
        """Take a tax number that is copied from the company as it is there.

        Core reads the database for each one that it checks.
        """
        if self.env.context.get("b2b_vat_is_copied"):
            return vat, country.code
        return super()._run_vat_checks(country, vat, partner_name, validation)

    def _b2b_judge_addresses(self, read):
        """Decide what becomes of each row of the file; nothing is written.

        :param list read: ``tools.address_file.AddressRow``
        :return: list of :class:`AddressImportRow`
        """
        lookup = self._b2b_get_address_lookup()
        known = self.search(self._b2b_address_domain())
        by_name = known.grouped(lambda address: self._b2b_address_key(address.name))
        may = {verb: self._b2b_may_address(verb) for verb in ("create", "write")}
        seen, rows = {}, []
        for source in read:
            name = source.texts["name"]
            row = AddressImportRow(source.row, name)
            rows.append(row)
            key = self._b2b_address_key(name)
            values, errors = self._b2b_parse_address(source.texts, lookup)
            if source.problem:
                row.reject(self.env._("A cell holds an error instead of a text."))
            elif errors:
                row.reject(" ".join(errors.values()))
            elif key in seen:
                row.reject(
                    self.env._("The same name as in row %(row)s.", row=seen[key])
                )
            else:
                self._b2b_match_address(row, by_name.get(key), values, lookup, may)
            if key:
                seen.setdefault(key, source.row)
        return rows

    def _b2b_match_address(self, row, found, values, lookup, may):
        """Whether a good row is a new address, a change or nothing new.

        :param found: existing addresses of that name, or None
        :param dict may: verb -> whether the user may do it
        """
        if not found:
            row.values = self._b2b_prepare_new_address(values, lookup)
            if not may["create"]:
                row.reject(self.env._("Your role does not allow to add addresses."))
            return
        if len(found) > 1:
            row.reject(self.env._("Several addresses have this name already."))
            return
        row.address = found
        row.values = found._b2b_get_difference(values)
        row.outcome = "changed" if row.values else "unchanged"
        if row.values and not may["write"]:
            row.reject(self.env._("Your role does not allow to change addresses."))
        elif row.values:
            labels = found.fields_get(list(row.values), ["string"]).values()
            row.text = ", ".join(sorted(label["string"] for label in labels))

    def _b2b_get_difference(self, values):
        """The part of ``values`` in which the partner (single) differs.

        An empty cell is no order to forget what is known.
        """
        difference = {}
        for name, value in values.items():
            current = self[name]
            if self._fields[name].type == "many2one":
                current = current.id
            if value and (current or False) != value:
                difference[name] = value
        return difference

    def _b2b_may_address(self, verb):
        """Whether the user may do ``verb`` with addresses of the entity (single)."""
        Member = self.env["b2b.member"]
        return not Member._is_member(self.env.user) or Member._may(
            "address", verb, entity=self
        )

    @api.model
    def _b2b_address_key(self, name):
        """The form in which names of addresses are compared."""
        return " ".join((name or "").casefold().split())

    @api.model
    def _b2b_get_address_file_error(self, error):
        """The customer's text for a file of addresses that was refused."""
        texts = {
            "no_columns": self.env._(
                "No column with the names of addresses was found. Head it “Name”, or "
                "take our template."
            ),
            "no_rows": self.env._("The file has no addresses."),
            "too_many_columns": self.env._(
                "The columns of the address must be among the first %(limit)s."
            ),
        }
        if error.code in texts:
            return texts[error.code] % error.params
        return self.env["b2b.cart.import"]._get_file_error_text(error)
