# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    b2b_registration_hours = fields.Integer(
        "Registration checked within, hours",
        default=24,
        help="Deadline of the manager for a new registration; Saturdays and Sundays "
        "do not count.",
    )
    b2b_registration_manager_ids = fields.Many2many(
        "res.users",
        "b2b_company_registration_manager_rel",
        "company_id",
        "user_id",
        "Registrations are checked by",
        domain=[("share", "=", False)],
        help="The one with the fewest open registrations gets the next one. Empty: all "
        "managers of the wholesale portal.",
    )

    def _b2b_choose_registration_manager(self):
        """The manager with the fewest open registrations.

        :return: ``res.users`` record (single), or empty where nobody may check
        """
        self.ensure_one()
        managers = self.b2b_registration_manager_ids.filtered("active")
        if not managers:
            group = self.env.ref("b2b_portal.group_staff_user")
            managers = group.all_user_ids.filtered(
                lambda user: not user.share
                and user.active
                and self in user.company_ids
                and not user._is_superuser()
            )
        loads = dict(
            self.env["b2b.registration"]._read_group(
                [
                    ("state", "in", ("submitted", "more")),
                    ("manager_id", "in", managers.ids),
                ],
                ["manager_id"],
                ["__count"],
            )
        )
        ordered = managers.sorted(lambda user: (loads.get(user, 0), user.id))
        return ordered[:1]
