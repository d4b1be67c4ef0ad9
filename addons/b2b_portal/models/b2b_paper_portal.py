# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

from .b2b_reminder_mixin import REMIND_DAYS


class B2bPaper(models.Model):
    """What is still asked of a customer, and reminders before papers expire."""

    _inherit = "b2b.paper"

    @api.model
    def _b2b_get_missing(self, entities):
        """Required kinds that legal entities (batch) have not given at all.

        :return: dict entity -> ``b2b.paper.kind`` in sudo
        """
        kinds = self.env["b2b.paper.kind"].sudo()
        kinds = kinds.search(
            [("required", "=", True), ("direction", "in", ("customer", "both"))]
        )
        papers = self.sudo().search(
            [
                ("entity_id", "in", entities.ids),
                ("kind_id", "in", kinds.ids),
                ("direction", "=", "customer"),
            ]
        )
        known = defaultdict(kinds.browse)
        for paper in papers:
            known[paper.entity_id] |= paper.kind_id
        return {entity: kinds - known[entity] for entity in entities.sudo()}

    @api.model
    def _b2b_get_state_text(self, entities):
        """How the papers of legal entities (batch) stand, in a word or two.

        :return: dict entity -> (Bootstrap colour, text)
        """
        missing = self._b2b_get_missing(entities)
        domain = Domain("entity_id", "in", entities.ids)
        papers = self.sudo().search(domain & Domain("direction", "=", "customer"))
        by_entity = papers.grouped("entity_id")
        texts = {}
        for entity in entities.sudo():
            mine = by_entity.get(entity, papers.browse())
            wanted = len(missing[entity]) + len(
                mine.filtered(lambda p: p.state in ("requested", "refused"))
            )
            expired = mine.filtered(
                lambda p: p.state == "checked" and p.validity == "expired"
            )
            if expired:
                text = "danger", self.env._("%(count)s expired", count=len(expired))
            elif wanted:
                text = "warning", self.env._("%(count)s missing", count=wanted)
            elif mine.filtered(lambda p: p.state == "uploaded"):
                text = "info", self.env._("being checked")
            else:
                text = "success", self.env._("complete")
            texts[entity] = text
        return texts

    # === REMINDERS === #

    @api.model
    def _cron_remind(self):
        """Remind customers and managers of papers that are about to expire.

        Thirty days, a week and a day before; a run that was missed is made up for,
        and nobody is reminded twice of the same.
        """
        today = fields.Date.context_today(self)
        papers = self.search(
            [
                ("state", "=", "checked"),
                ("direction", "=", "customer"),
                ("date_end", ">=", today),
                ("date_end", "<=", fields.Date.add(today, days=max(REMIND_DAYS))),
            ]
        )
        due = papers.filtered(lambda p: p._b2b_get_due_reminder(today))
        receivers = due._b2b_get_reminded()
        template = self.env.ref("b2b_portal.mail_template_paper_expiry")
        for paper in due:
            paper._b2b_send_reminder(template, receivers[paper], today)
            paper.account_id._b2b_remind_manager(
                self.env._(
                    "“%(paper)s” of %(entity)s expires on %(date)s",
                    paper=paper.name,
                    entity=paper.entity_id.name,
                    date=format_date(self.env, paper.date_end),
                ),
                paper,
            )

    def _b2b_get_reminded(self):
        """Members who may upload the papers (batch), active ones.

        :return: dict paper -> ``b2b.member``
        """
        members = self.account_id.member_ids.filtered("user_id.active")
        reach = members._get_reach("paper", "create")
        return {
            paper: members.filtered(lambda m, p=paper: p.entity_id.id in reach[m])
            for paper in self
        }
