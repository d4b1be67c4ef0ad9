# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from .common import MemberPages

HISTORY_SIZE = 50
# State -> Bootstrap colour.
COLOURS = {"active": "success", "suspended": "warning", "expired": "secondary"}


class Agreements(MemberPages, Controller):
    """The agreements of a customer: terms, discounts and what gives the next one."""

    @route("/my/agreements", type="http", auth="user", website=True, readonly=True)
    def agreements(self, **kwargs):
        """Agreements that the visitor may see, those in use first."""
        self._check_may("agreement", "read")
        found = request.env["b2b.agreement"].search(
            [("state", "!=", "draft")], order="state, is_default desc, entity_id, name"
        )
        return request.render(
            "b2b_portal.agreements",
            {
                "agreements": found.sudo(),
                "colours": COLOURS,
                "states": self._get_states(),
                "sees_prices": request.website._b2b_may_see("prices"),
                "message": self._pop_message(),
                "page_name": "b2b_agreements",
            },
        )

    @route(
        "/my/agreements/<int:agreement_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def agreement(self, agreement_id, **kwargs):
        """One agreement: terms, parts of the discount, conditions, history."""
        agreement = self._get_record("b2b.agreement", agreement_id)
        if agreement.state == "draft":
            raise NotFound
        values = self._get_agreement_values(agreement)
        return request.render("b2b_portal.agreement", values)

    def _get_states(self):
        field = request.env["b2b.agreement"]._fields["state"]
        return dict(field._description_selection(request.env))

    def _get_agreement_values(self, agreement):
        """What the page of the agreement (single, sudo) shows; a hook for addons.

        :return: dict for the template ``b2b_portal.agreement``; ``discount`` is
            None where the visitor may not see prices, else a dict: total (text),
            parts and rows (dicts, see the methods), history, is_capped, cap
        """
        sees_prices = request.website._b2b_may_see("prices")
        return {
            "agreement": agreement,
            "state": self._get_states()[agreement.state],
            "colours": COLOURS,
            "refusal": agreement._get_refusal(),
            "sees_prices": sees_prices,
            "discount": self._get_discount(agreement) if sees_prices else None,
            "message": self._pop_message(),
            "page_name": "b2b_agreement",
        }

    def _get_discount(self, agreement):
        """Parts, conditions and history of the discount (single agreement, sudo)."""
        percent = agreement._b2b_format_discount
        parts = agreement._get_discount_parts()
        _percent, is_capped = agreement._sum_discount_parts(parts)
        history = agreement.condition_history_ids
        return {
            "total": percent(agreement.total_discount),
            "parts": [
                {"name": part["name"], "percent": percent(part["percent"])}
                for part in parts
            ],
            "is_capped": is_capped,
            "cap": percent(agreement.discount_cap),
            "rows": [
                self._get_row(agreement, row) for row in agreement.condition_row_ids
            ],
            "history": [
                {
                    "date": line.date,
                    "name": line.condition_id.name or line.name,
                    "old": percent(line.percent_old),
                    "new": percent(line.percent_new),
                    "value": line._get_value_text(),
                    "cause": line.cause,
                }
                for line in history[:HISTORY_SIZE]
            ],
            "causes": dict(
                history._fields["cause"]._description_selection(request.env)
            ),
            "computed_at": agreement.conditions_at,
        }

    def _get_row(self, agreement, row):
        """A condition as the page shows it.

        :return: dict: name, value, percent, next, until (texts), progress (0 to
            100), has_steps
        """
        return {
            "name": row.condition_id.name,
            "value": row._get_value_text(),
            "percent": agreement._b2b_format_discount(row.percent),
            "next": row._get_next_text(),
            "until": row._get_dates_text(),
            "progress": row._get_progress(),
            "has_steps": bool(row.condition_id.step_ids),
        }
