# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class B2bAbsence(models.Model):
    """When a manager is away, and who stands in.

    During it customers see the substitute, and whatever notifies the manager
    notifies the substitute: see ``b2b.account._get_managers``.
    """

    _name = "b2b.absence"
    _description = "Absence of a Manager"
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        "Manager",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("share", "=", False)],
        default=lambda self: self.env.user,
    )
    date_from = fields.Date("First day", required=True)
    date_to = fields.Date("Last day", required=True)
    substitute_id = fields.Many2one(
        "res.users",
        ondelete="restrict",
        domain="[('share', '=', False), ('id', '!=', user_id)]",
        help="Empty: nobody stands in, customers see when the manager is back.",
    )

    _dates_order = models.Constraint(
        "CHECK(date_to >= date_from)", "The last day is before the first one."
    )

    @api.constrains("user_id", "substitute_id")
    def _check_substitute(self):
        for absence in self.filtered("substitute_id"):
            if absence.substitute_id == absence.user_id:
                raise ValidationError(self.env._("Nobody can stand in for themselves."))
            if not absence.substitute_id._is_internal():
                raise ValidationError(
                    self.env._(
                        "%(name)s is a customer and cannot stand in for a manager.",
                        name=absence.substitute_id.name,
                    )
                )

    @api.constrains("user_id", "date_from", "date_to")
    def _check_overlap(self):
        for absence in self:
            other = self.search(
                [
                    ("id", "!=", absence.id),
                    ("user_id", "=", absence.user_id.id),
                    ("date_from", "<=", absence.date_to),
                    ("date_to", ">=", absence.date_from),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(name)s is away from %(start)s to %(end)s already.",
                        name=absence.user_id.name,
                        start=other.date_from,
                        end=other.date_to,
                    )
                )

    @api.model
    def _get_running(self, users, date):
        """Absences of ``users`` (batch) on a day.

        :param date: a day, or None: today where each user is
        :return: dict ``res.users`` -> ``b2b.absence``, both in sudo
        """
        days = {user: date or user._b2b_today() for user in users}
        if not days:
            return {}
        found = self.sudo().search(
            [
                ("user_id", "in", users.ids),
                ("date_from", "<=", max(days.values())),
                ("date_to", ">=", min(days.values())),
            ]
        )
        return {
            absence.user_id: absence
            for absence in found
            if absence.date_from <= days[absence.user_id] <= absence.date_to
        }
