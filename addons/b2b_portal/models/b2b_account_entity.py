# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError


class B2bAccount(models.Model):
    """What the customer asks of the account's manager about legal entities."""

    _inherit = "b2b.account"

    def _b2b_remind_manager(self, summary, record=None):
        """Give the account's manager an activity (single account).

        :param str summary: what to do
        :param record: where to do it, a record with activities; the account by default
        """
        self.ensure_one()
        where = self if record is None or "activity_ids" not in record else record
        manager = self.manager_id
        where.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            user_id=(manager or self.env.ref("base.user_admin")).id,
        )

    def _b2b_request_entity(self, member, values, files):
        """Take a customer's wish for one more legal entity of the account (single).

        Nothing exists before the seller has approved it. Here the manager gets the
        requisites; the addon's registration replaces this by an application with
        stages.

        :param member: ``b2b.member`` who asks
        :param dict values: requisites (texts) by field of ``res.partner``, and
            'note'
        :param list files: (name, bytes, mimetype) of checked uploads
        :raise UserError: the account has a legal entity with this tax number
        """
        self.ensure_one()
        account = self.sudo()
        Partner = account.env["res.partner"]
        Partner._b2b_check_requisites(values)
        if values["vat"] in account.entity_ids.mapped("vat"):
            raise UserError(
                self.env._("Your account has a legal entity with this tax number.")
            )
        labels = Partner._b2b_get_requisite_labels()
        rows = [(labels.get(key), values[key]) for key in labels if values.get(key)]
        rows.append((self.env._("Note"), values.get("note") or ""))
        body = Markup("<p>%s</p><ul>%s</ul>") % (
            self.env._("%(name)s asks for a new legal entity.", name=member.name),
            Markup("").join(Markup("<li>%s: %s</li>") % row for row in rows if row[1]),
        )
        account.message_post(
            body=body,
            author_id=member.partner_id.id,
            attachments=[(name, data) for name, data, _mimetype in files],
        )
        account._b2b_remind_manager(
            self.env._("Check a new legal entity: %(name)s", name=values["name"])
        )
