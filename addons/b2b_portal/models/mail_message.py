# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.fields import Domain

_MODEL = "b2b.conversation"


class MailMessage(models.Model):
    """Messages of conversations obey the scope engine, whoever was notified.

    Core lets a customer read what they were once notified of, change what they
    wrote and, by RPC, post where a parent message had reached them.
    """

    _inherit = "mail.message"

    def _b2b_guards(self):
        """Whether the user is a customer, whom the guard is for."""
        return not self.env.su and not self.env.user._is_internal()

    def _b2b_get_conversations(self, ids=None):
        """Ids of the conversations that the user may read, among ``ids``."""
        conversations = self.env[_MODEL]
        if not conversations.has_access("read"):
            return []
        domain = Domain.TRUE if ids is None else Domain("id", "in", list(ids))
        return conversations.search(domain).ids

    def _search(self, domain, *args, **kwargs):
        if self._b2b_guards() and not kwargs.get("bypass_access"):
            domain = Domain(domain) & (
                Domain("model", "!=", _MODEL)
                | Domain("res_id", "in", self._b2b_get_conversations())
            )
        return super()._search(domain, *args, **kwargs)

    def _get_forbidden_access(self, operation):
        forbidden = super()._get_forbidden_access(operation)
        if not self._b2b_guards():
            return forbidden
        ours = (self - forbidden).sudo().filtered(lambda m: m.model == _MODEL)
        if not ours:
            return forbidden
        bad = ours
        if operation == "read":
            readable = self._b2b_get_conversations(ours.mapped("res_id"))
            bad = ours.filtered(
                lambda m: m.is_internal
                or m.subtype_id.internal
                or m.res_id not in readable
            )
        return forbidden + self.browse(bad.ids)
