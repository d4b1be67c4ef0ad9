# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""On whose behalf code works: a page's visitor, or the member of a job or a feed."""

from dataclasses import dataclass

from odoo import api, models
from odoo.http import request

from .website import Acting

BEHALF_KEY = "b2b_behalf"


@dataclass(frozen=True)
class Behalf:
    """What a page would know of its visitor, for work without a page.

    It stands in the context under ``BEHALF_KEY``. Whoever calls by RPC chooses the
    context, too, but can send no object of this class.
    """

    website: object
    acting: Acting


class Website(models.Model):
    _inherit = "website"

    @api.model
    def _b2b_get_behalf(self):
        """The :class:`Behalf` of this environment, or None."""
        behalf = self.env.context.get(BEHALF_KEY)
        return behalf if isinstance(behalf, Behalf) else None

    @api.model
    def _b2b_get_current_acting(self):
        """For whom the current user acts: as the job says, or as on the page.

        :return: :class:`.website.Acting`; None: nobody in particular
        """
        behalf = self._b2b_get_behalf()
        if behalf and behalf.acting.member.user_id.id == self.env.uid:
            return behalf.acting
        # the request may be of another user than this environment
        if not behalf and request and request.env.uid == self.env.uid:
            return getattr(request, "b2b", None) or None
        return None

    @api.model
    def _b2b_get_visited(self):
        """A job has the website that it is for."""
        if behalf := self._b2b_get_behalf():
            return behalf.website.with_env(self.env)
        return super()._b2b_get_visited()
