# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from ..models.b2b_rate import MAX_AHEAD, NOMINALS
from ..tools.order_file import OrderFileError
from ..tools.rate_file import MAX_RATES, read_rates


class B2bRateImport(models.TransientModel):
    """Internal rates from a file: every row and what became of it."""

    _name = "b2b.rate.import"
    _description = "Internal Rates from a File"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    file = fields.Binary(required=True, attachment=False)
    filename = fields.Char()
    date = fields.Date(
        "Date of rows without one", required=True, default=fields.Date.context_today
    )
    line_ids = fields.One2many("b2b.rate.import.line", "wizard_id", readonly=True)
    count_read = fields.Integer("Rows read", readonly=True)
    count_added = fields.Integer("Added", readonly=True)
    count_changed = fields.Integer("Changed", readonly=True)
    count_rejected = fields.Integer("Rejected", readonly=True)

    def action_import(self):
        """Take the rates of the file into the table (single), bad rows left out.

        :raise UserError: the file as a whole cannot be read; nothing has changed
        """
        self.ensure_one()
        self.env["b2b.rate"].check_access("create")
        try:
            rows = read_rates(base64.b64decode(self.file), self.filename or "")
        except OrderFileError as error:
            raise UserError(self._get_file_error_text(error)) from error
        lines = self._write_rates(rows)
        counts = {"added": 0, "changed": 0, "rejected": 0}
        for line in lines:
            counts[line["outcome"]] += 1
        self.write(
            {
                "line_ids": [fields.Command.clear()]
                + [fields.Command.create(line) for line in lines],
                "count_read": len(rows),
                "count_added": counts["added"],
                "count_changed": counts["changed"],
                "count_rejected": counts["rejected"],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Internal rates from a file"),
        }

    def _write_rates(self, rows):
        """Write the good rows in one go.

        :param list rows: :class:`~..tools.rate_file.RateRow`
        :return: list of dicts: row, currency, date, rate, outcome, text
        """
        Rate = self.env["b2b.rate"]
        currencies = {
            currency.name.upper(): currency
            for currency in self.env["res.currency"].search([("active", "=", True)])
        }
        known = {
            (rate.currency_id, rate.date): rate
            for rate in Rate.search([("company_id", "=", self.company_id.id)])
        }
        seen, added, lines = set(), [], []
        for row in rows:
            currency = currencies.get(row.currency)
            day = row.date or self.date
            line = {
                "row": row.row,
                "currency": row.currency,
                "date": day,
                "rate": row.raw,
            }
            text = self._get_problem_text(row, currency, day, seen)
            lines.append(line)
            if text:
                line |= {"outcome": "rejected", "text": text}
                continue
            seen.add((currency, day))
            values = {"rate": float(row.rate), "nominal": row.nominal}
            rate = known.get((currency, day))
            if rate:
                line |= {"outcome": "changed", "text": self._change(rate, values)}
                continue
            line["outcome"] = "added"
            added.append(
                values
                | {
                    "company_id": self.company_id.id,
                    "currency_id": currency.id,
                    "date": day,
                    "source": "import",
                }
            )
        Rate.create(added)
        return lines

    def _change(self, rate, values):
        """Write other values into a rate (single) of the table; the remark on it."""
        same = rate.nominal == values["nominal"] and not float_compare(
            rate.rate, values["rate"], precision_digits=6
        )
        if same:
            return self.env._("The same rate was there already.")
        before = rate._format_quote(
            rate.currency_id, rate.rate, rate.nominal, rate.company_id
        )
        rate.write(values | {"source": "import"})
        return self.env._("It was %(rate)s.", rate=before)

    def _get_problem_text(self, row, currency, day, seen):
        """Why a row is left out, or None."""
        texts = {
            "no_currency": self.env._("The currency is missing."),
            "bad_date": self.env._("This is not a date. Write it as 24.11.2026."),
            "bad_nominal": self.env._("The number of units is not 1, 10, 100…"),
            "no_rate": self.env._("The rate is missing."),
            "bad_rate": self.env._("The rate must be a number above zero."),
        }
        if row.problem:
            return texts[row.problem]
        if not currency:
            return self.env._(
                "There is no active currency “%(code)s”.", code=row.currency
            )
        if currency == self.company_id.currency_id:
            return self.env._("This is the company's own currency.")
        if row.nominal not in NOMINALS:
            return texts["bad_nominal"]
        if float_compare(float(row.rate), 0, precision_digits=6) <= 0:
            return texts["bad_rate"]
        if day > fields.Date.context_today(self) + MAX_AHEAD:
            return self.env._("The date is more than a year ahead.")
        if (currency, day) in seen:
            return self.env._("A row above gives this currency and date already.")
        return None

    def _get_file_error_text(self, error):
        """What is said of a file that cannot be read."""
        texts = {
            "no_columns": self.env._(
                "No columns with currencies and rates were found. Head the columns "
                "“Currency”, “Date”, “Units” and “Rate” in a first row."
            ),
            "no_rows": self.env._("The file holds no rates."),
            "too_many_rows": self.env._(
                "The file has more than %(limit)s rates. Split it.", limit=MAX_RATES
            ),
        }
        if error.code in texts:
            return texts[error.code]
        return self.env["b2b.cart.import"]._get_file_error_text(error)


class B2bRateImportLine(models.TransientModel):
    """One row of the file."""

    _name = "b2b.rate.import.line"
    _description = "Row of a File with Rates"
    _order = "row, id"

    wizard_id = fields.Many2one("b2b.rate.import", required=True, ondelete="cascade")
    row = fields.Integer()
    currency = fields.Char()
    date = fields.Date()
    rate = fields.Char()
    outcome = fields.Selection(
        [("added", "Added"), ("changed", "Changed"), ("rejected", "Rejected")]
    )
    text = fields.Char("Remark")
