# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.mail import plaintext2html

MESSAGE_TYPES = ("comment", "email", "email_outgoing")
BUS_TYPE = "b2b_conversation"


class B2bConversation(models.Model):
    """A talk between a member and the personal manager.

    A ``mail.thread``: staff answers in the chatter of the form, replies by e-mail
    come in through core's gateway. Members write through our pages only:
    core's routes and RPC refuse them (``mail.message``), so that files are
    checked and nobody is impersonated.
    """

    _name = "b2b.conversation"
    _description = "Conversation with the Manager"
    _inherit = ["mail.thread", "b2b.scope.mixin"]
    _order = "last_message_at desc, id desc"
    # who may not write the record posts nothing by core's ways: see above
    _mail_post_access = "write"
    _b2b_member_path = "member_id"

    name = fields.Char("Subject", required=True)
    account_id = fields.Many2one(
        related="member_id.account_id", store=True, index=True, string="Account"
    )
    member_id = fields.Many2one(
        "b2b.member", required=True, index=True, ondelete="cascade"
    )
    manager_id = fields.Many2one(
        related="account_id.manager_id", store=True, string="Personal manager"
    )
    order_id = fields.Many2one(
        "sale.order", "Order or cart", index="btree_not_null", ondelete="set null"
    )
    entity_id = fields.Many2one(
        related="order_id.b2b_entity_id",
        store=True,
        index="btree_not_null",
        string="Legal entity",
    )
    state = fields.Selection(
        [
            ("us", "Waiting for us"),
            ("you", "Waiting for the customer"),
            ("open", "Nobody waits"),
            ("closed", "Closed"),
        ],
        default="open",
        required=True,
        index=True,
        group_expand=True,
    )
    last_message_at = fields.Datetime("Last message", readonly=True, index=True)
    waiting_since = fields.Datetime(
        "Unanswered since",
        readonly=True,
        help="First message of the customer that nobody has answered.",
    )
    first_response_hours = fields.Float(
        "Time to the first answer",
        readonly=True,
        aggregator="avg",
        help="Hours from the customer's first message to our first answer.",
    )
    answered = fields.Boolean(readonly=True)
    unread_member = fields.Integer("Unread by the customer", readonly=True)
    unread_staff = fields.Integer("Unread by us", readonly=True)
    member_seen_id = fields.Integer(
        readonly=True, help="Last message that the customer has seen."
    )
    staff_seen_id = fields.Integer(
        readonly=True, help="Last message that the seller has seen."
    )

    # === SCOPE === #

    @api.model
    def _b2b_objects(self):
        return {"conversation": Domain.TRUE}

    @api.model
    def _b2b_grant_domain(self, grant):
        """Own and team by the member, entity by the order that it is about."""
        domain = Domain("account_id", "=", grant.account_id)
        member_ids = grant.get_member_ids()
        if member_ids is not None:
            return domain & Domain("member_id", "in", member_ids)
        if grant.scope == "entity":
            return domain & (
                Domain("member_id", "=", grant.member_id)
                | Domain("entity_id", "in", grant.get_entity_ids())
            )
        return domain

    def _get_access_action(self, access_uid=None, force_website=False):
        user = self.env["res.users"].browse(access_uid) if access_uid else self.env.user
        if force_website or user.share:
            return {
                "type": "ir.actions.act_url",
                "url": f"/my/messages/{self.id}",
                "target": "self",
            }
        return super()._get_access_action(access_uid, force_website)

    # === MESSAGES === #

    def _get_messages(self, after=0, limit=200):
        """Messages of the conversation (single) that the customer may see.

        :param int after: only those behind this id
        :return: ``mail.message`` in sudo, oldest first, the last ``limit`` ones
        """
        self.ensure_one()
        messages = self.env["mail.message"].sudo()
        found = messages.search(
            self._get_message_domain() & Domain("id", ">", after),
            order="id desc",
            limit=limit,
        )
        return found.sorted("id")

    def _get_message_domain(self):
        """Messages of the conversations (batch) that customers may see."""
        return (
            Domain("model", "=", self._name)
            & Domain("res_id", "in", self.ids)
            & Domain("message_type", "in", MESSAGE_TYPES)
            & Domain("is_internal", "=", False)
            & Domain("subtype_id", "=", self.env.ref("mail.mt_comment").id)
        )

    def _is_from_customer(self, message):
        """Whether a member, not the seller, wrote a message of the conversation."""
        users = message.author_id.with_context(active_test=False).user_ids
        return not any(user._is_internal() for user in users)

    def _post_as_member(self, text, files=()):
        """Post what the current user, a member, wrote (single, sudo).

        The caller has checked the right to write and the files.

        :param str text: plain text
        :param files: pairs of file name and bytes
        :return: ``mail.message``
        """
        return self.message_post(
            author_id=self.env.user.partner_id.id,
            body=plaintext2html(text),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=list(files),
        )

    def message_post(self, **kwargs):
        """Notify the other side, and keep who waits for whom.

        A mail from an address that is neither the member's nor one of staff
        becomes an internal note: its sender proves nothing by knowing the thread.
        """
        self.ensure_one()
        if kwargs.get("message_type") == "email":
            kwargs = self._judge_mail(kwargs)
        quiet = self.with_context(mail_post_autofollow_author_skip=True)
        message = super(B2bConversation, quiet).message_post(
            **self._add_recipients(kwargs)
        )
        if message.filtered_domain(self._get_message_domain()):
            self.sudo()._note_message(message.sudo())
        return message

    def _judge_mail(self, values):
        """Values of ``message_post`` for a mail from outside (single)."""
        author = self.env["res.partner"].sudo().browse(values.get("author_id") or [])
        member = self.sudo().member_id
        if author and author == member.partner_id and member.active:
            return values
        if any(user._is_internal() for user in author.user_ids):
            return values
        note = self.env.ref("mail.mt_note").id
        manager = self.sudo().account_id._get_manager()
        return values | {
            "subtype_id": note,
            "subtype_xmlid": False,
            "is_internal": True,
            "partner_ids": manager.partner_id.ids,
        }

    def _add_recipients(self, values):
        """Values of ``message_post`` with the other side among the recipients."""
        comment = self.env.ref("mail.mt_comment")
        is_comment = values.get("subtype_xmlid") == "mail.mt_comment" or (
            values.get("subtype_id") == comment.id
        )
        if not is_comment or values.get("message_type") not in MESSAGE_TYPES:
            return values
        conversation = self.sudo()
        member = conversation.member_id
        if values.get("author_id") == member.partner_id.id:
            others = conversation.account_id._get_manager().partner_id
        else:
            others = member.partner_id if member.active else member.partner_id.browse()
        recipients = {*(values.get("partner_ids") or []), *others.ids}
        return values | {"partner_ids": list(recipients)}

    def _note_message(self, message):
        """Keep state, answer time and counters of the conversation (single, sudo)."""
        now = message.date or fields.Datetime.now()
        values = {"last_message_at": now}
        if self._is_from_customer(message):
            values |= {
                "state": "us",
                "waiting_since": self.waiting_since or now,
                "unread_staff": self.unread_staff + 1,
                "unread_member": 0,
                "member_seen_id": message.id,
            }
        else:
            values |= {
                "state": "you",
                "waiting_since": False,
                "unread_member": self.unread_member + 1,
                "unread_staff": 0,
                "staff_seen_id": message.id,
            }
            if self.waiting_since and not self.answered:
                waited = (now - self.waiting_since).total_seconds()
                values |= {"answered": True, "first_response_hours": waited / 3600}
        self.write(values)
        partners = self.member_id.partner_id | self.account_id._get_manager().partner_id
        partners._bus_send(BUS_TYPE, {"id": self.id, "message_id": message.id})
        self.account_id._b2b_refresh_signals()

    def _mark_seen(self, side):
        """The customer ('member') or the seller ('staff') has seen all (batch, sudo).

        Nothing is written where nothing was unread.
        """
        for conversation in self.filtered(f"unread_{side}"):
            last = conversation._get_messages(limit=1)
            conversation.write({f"unread_{side}": 0, f"{side}_seen_id": last.id})
            conversation.member_id.partner_id._bus_send(
                BUS_TYPE, {"id": conversation.id, "message_id": 0}
            )

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Leave out customers who may no longer read the conversation."""
        rows = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        shared = [row["uid"] for row in rows if row.get("uid") and row.get("share")]
        allowed = {
            user.id
            for user in self.env["res.users"].sudo().browse(shared)
            if self.with_user(user).has_access("read")
        }
        return [
            row
            for row in rows
            if not row.get("share") or (row.get("uid") and row["uid"] in allowed)
        ]

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Give customers a link to the page of the conversation, without a token."""
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        for name, _judge, data in groups:
            if name == "portal" and self:
                data |= {
                    "active": True,
                    "has_button_access": True,
                    "button_access": {
                        "url": f"{self.get_base_url()}/my/messages/{self.id}",
                        "title": self.env._("Open the conversation"),
                    },
                }
        return groups

    # === STAFF === #

    @api.model_create_multi
    def create(self, vals_list):
        quiet = self.with_context(mail_create_nosubscribe=True, mail_create_nolog=True)
        conversations = super(B2bConversation, quiet).create(vals_list)
        return conversations.with_env(self.env)

    def action_close(self):
        """Close the conversations; a new message opens them again."""
        self.write({"state": "closed", "waiting_since": False})
        self.account_id._b2b_refresh_signals()

    def action_no_answer(self):
        """The last message of the customer needs no answer."""
        self.write({"state": "open", "waiting_since": False})
        self.account_id._b2b_refresh_signals()
