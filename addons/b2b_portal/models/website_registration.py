# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class Website(models.Model):
    _inherit = "website"  # pylint: disable=consider-merging-classes-inherited

    def _b2b_get_inbox(self):
        """Add the requests to join, for members who may let people in."""
        rows = super()._b2b_get_inbox()
        for request in self.env["b2b.registration"]._get_join_requests():
            rows.append(
                {
                    "code": "join",
                    "icon": "user-plus",
                    "title": self.env._(
                        "%(name)s asks to join your account", name=request.contact_name
                    ),
                    "text": " · ".join(
                        filter(None, [request.contact_job, request.email])
                    ),
                    "url": f"/my/join/{request.id}",
                    "button": self.env._("Decide"),
                    "date": request.submitted_at,
                    "priority": 30,
                }
            )
        return rows
