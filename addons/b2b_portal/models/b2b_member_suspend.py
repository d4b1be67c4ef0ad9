# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class B2bMember(models.Model):
    """A member who leaves: at once, with their work handed over."""

    _inherit = "b2b.member"

    def _portal_suspend(self, target=None):
        """Suspend a member (single, sudo); idempotent.

        The membership ends at once: sessions, links to orders, invitations. Who is
        a member nowhere else cannot sign in any more. Orders and papers keep the
        name.

        :param target: ``b2b.member``, a colleague who takes over what is unfinished;
            needed when there is something
        :raise AccessError: beyond the rights of the user
        :raise UserError: impossible; with a text for the customer
        """
        self._check_manage("delete")
        account = self.account_id
        account._b2b_lock()
        if not self.active:
            return
        target = (target or self.browse()).sudo()
        directors = account._b2b_get_directors()
        self._check_hand_over_target(target)
        if target:
            self._b2b_hand_over(target)
        self._b2b_end_access()
        self.active = False
        self._sync_user_active()
        account._b2b_check_director_left(directors)

    def _portal_reactivate(self):
        """Let a suspended member (single, sudo) in again; idempotent.

        :raise AccessError: beyond the rights of the user
        """
        self._check_manage("write")
        self.account_id._b2b_lock()
        if not self.active:
            self.active = True
            self._sync_user_active()

    def _sync_user_active(self):
        """A portal user is open while a member somewhere (single, sudo)."""
        user = self.user_id
        if not user.share:
            return
        others = self.sudo().search_count([("user_id", "=", user.id)], limit=1)
        if user.active != bool(others):
            user.active = bool(others)

    # === HAND-OVER === #

    def _b2b_get_unfinished(self):
        """What somebody must take over when the member (single, sudo) leaves.

        A hook for addons, together with :meth:`_b2b_hand_over`.

        :return: list of (text for the customer, records), without empty ones
        """
        self.ensure_one()
        rows = [
            (self.env._("Carts and offers"), self._b2b_get_open_orders()),
            (
                self.env._("Subordinates"),
                self.sudo().search([("supervisor_id", "=", self.id)]),
            ),
        ]
        return [(text, records) for text, records in rows if records]

    def _b2b_get_open_orders(self):
        """Carts and offers of the members (batch, sudo) that are no orders yet."""
        domain = Domain("b2b_member_id", "in", self.ids)
        return (
            self.env["sale.order"]
            .sudo()
            .search(domain & Domain("state", "in", ("draft", "sent")))
        )

    def _check_hand_over_target(self, target):
        """Refuse a colleague who cannot take over what the member (single) leaves.

        :raise AccessError: not a colleague whom the user sees
        :raise UserError: none where one is needed, or one who does not act for the
            legal entity of a cart
        """
        if not target:
            if unfinished := self._b2b_get_unfinished():
                raise UserError(
                    self.env._(
                        "Choose a colleague who takes over: %(what)s.",
                        what=", ".join(text for text, _records in unfinished),
                    )
                )
            return
        possible = self._get_possible_supervisors(self.account_id) - self
        if target not in possible:
            raise AccessError(
                self.env._("Choose an active colleague of the same account.")
            )
        if not target.all_entities:
            orders = self._b2b_get_open_orders()
            missing = orders.b2b_entity_id - target.entity_ids
            if missing:
                raise UserError(
                    self.env._(
                        "%(name)s does not act for %(entity)s and cannot take over "
                        "its carts. Choose another colleague.",
                        name=target.name,
                        entity=missing[0].name,
                    )
                )

    def _b2b_hand_over(self, target):
        """Give what the member (single, sudo) has not finished to a colleague.

        A hook for addons: approvals, lists, budgets. Access requests follow the
        subordinates who made them.

        :param target: ``b2b.member`` in sudo, checked
        """
        self.ensure_one()
        self._b2b_get_open_orders().b2b_member_id = target
        subordinates = self.sudo().search([("supervisor_id", "=", self.id)])
        if str(self.id) in (target.parent_path or "").split("/"):
            # a subordinate takes the place of the head
            target.supervisor_id = self.supervisor_id
        (subordinates - target).supervisor_id = target
        self.env["b2b.invitation"].sudo().search(
            [("supervisor_id", "=", self.id), ("state", "=", "pending")]
        ).supervisor_id = target

    # === ACCESS ENDS === #

    def _b2b_end_access(self):
        """End what works without a membership (single, sudo): sessions, tokens.

        Their own open questions and the invitations that they sent end with it.
        """
        self._b2b_end_sessions()
        for model in ("sale.order", "account.move"):
            self.env[model].sudo().search(
                [("b2b_member_id", "=", self.id), ("access_token", "!=", False)]
            ).access_token = False
        invitations = self.env["b2b.invitation"].sudo()
        invitations.search(
            [("invited_by_id", "=", self.id), ("state", "=", "pending")]
        ).state = "cancelled"
        self.env["b2b.access.request"].sudo().search(
            [("member_id", "=", self.id), ("state", "=", "open")]
        )._withdraw()

    def _b2b_get_devices(self):
        """Open sessions of the members' (batch) users, the newest first, in sudo."""
        return (
            self.env["res.device"]
            .sudo()
            .search([("user_id", "in", self.sudo().user_id.ids)])
        )

    def _b2b_end_sessions(self):
        """Sign the members' (batch, sudo) users out everywhere, at once."""
        if devices := self._b2b_get_devices():
            devices._revoke()

    def _portal_end_sessions(self):
        """Sign a member (single, sudo) out on every device.

        :raise AccessError: beyond the rights of the user
        """
        self._check_manage("write")
        self._b2b_end_sessions()
        self._message_log(body=self.env._("All sessions have been ended."))
