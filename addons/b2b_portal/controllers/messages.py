# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import Controller, content_disposition, request, route
from odoo.tools import human_size
from odoo.tools.misc import format_date

from odoo.addons.mail.controllers.thread import ThreadController
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..tools import attachments
from .common import MemberPages

PAGE_SIZE = 30
MAX_TEXT = 10_000


class Messages(MemberPages, Controller):
    """Conversations with the personal manager."""

    # === PAGES === #

    @route(
        ["/my/messages", "/my/messages/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def conversations(self, page=1, search="", **kwargs):
        """Conversations that the visitor may see, the last active first."""
        self._check_may("conversation", "read")
        Conversation = request.env["b2b.conversation"]
        domain = Domain.TRUE
        if search := search.strip()[:100]:
            domain = Domain("name", "ilike", search) | Domain(
                "order_id.name", "ilike", search
            )
        pager = portal_pager(
            url="/my/messages",
            total=Conversation.search_count(domain),
            page=page,
            step=PAGE_SIZE,
            url_args={"search": search},
        )
        found = Conversation.search(domain, limit=PAGE_SIZE, offset=pager["offset"])
        return request.render(
            "b2b_portal.conversations",
            {
                "conversations": found.sudo(),
                "states": self._get_states(),
                "search": search,
                "pager": pager,
                "may_create": request.env["b2b.member"]._may("conversation", "create"),
                "message": self._pop_message(),
                "page_name": "b2b_messages",
            },
        )

    def _get_states(self):
        """State -> words for the customer, and a Bootstrap colour."""
        env = request.env
        return {
            "us": (env._("The manager answers"), "secondary"),
            "you": (env._("Waiting for you"), "info"),
            "open": (env._("Open"), "secondary"),
            "closed": (env._("Closed"), "light"),
        }

    @route(
        "/my/messages/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def new(self, order_id="", **kwargs):
        """Form of a new conversation."""
        self._check_may("conversation", "create")
        return self._render_new(order_id=order_id)

    def _render_new(self, error=None, **values):
        """The form, with what the visitor typed."""
        Order = request.env["sale.order"]
        orders = Order.search(
            [
                ("b2b_entity_id", "!=", False),
                ("state", "in", ("draft", "sent", "sale")),
            ],
            order="date_order desc, id desc",
            limit=50,
        )
        return request.render(
            "b2b_portal.conversation_new",
            {
                "orders": orders.sudo(),
                "subject": "",
                "text": "",
                "order_id": "",
                "error": error,
                "accept": ",".join(f".{ending}" for ending in attachments.ALLOWED),
                "page_name": "b2b_messages",
            }
            | values,
        )

    @route(
        "/my/messages/new",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def create_conversation(self, subject="", text="", order_id="", **kwargs):
        """Begin a conversation with its first message."""
        self._check_may("conversation", "create")
        try:
            text = self._check_text(text)
            files = self._read_files()
            if not subject.strip():
                raise UserError(request.env._("Enter a subject."))
            order = self._get_order(order_id)
        except UserError as error:
            return self._render_new(
                str(error), subject=subject[:200], text=text, order_id=order_id
            )
        talk = self._create_conversation(subject.strip()[:200], order)
        talk._post_as_member(text, files)
        return request.redirect(f"/my/messages/{talk.id}")

    def _create_conversation(self, subject, order):
        """The record, in sudo; the caller has checked the right to create."""
        member = request.b2b.member
        if order and order.b2b_account_id != member.account_id:
            own = request.env["b2b.member"].sudo()
            member = own.search(
                [
                    ("user_id", "=", request.env.uid),
                    ("account_id", "=", order.b2b_account_id.id),
                ]
            )
        if not request.env["b2b.member"]._may(
            "conversation", "create", account=member.account_id
        ):
            raise NotFound
        return (
            request.env["b2b.conversation"]
            .sudo()
            .create({"name": subject, "member_id": member.id, "order_id": order.id})
        )

    def _get_order(self, order_id):
        """The order or cart that the visitor chose, in sudo; may be empty.

        :raise UserError: it is none of those they see
        """
        orders = request.env["sale.order"]
        if not str(order_id).strip():
            return orders
        number = int(order_id) if str(order_id).isdecimal() else 0
        if order := orders.search([("id", "=", number)]):
            return order.sudo()
        raise UserError(request.env._("There is no such order. Choose another one."))

    @route(
        "/my/messages/<int:conversation_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def conversation(self, conversation_id, **kwargs):
        """One conversation; what is read is marked by the page, not by GET."""
        talk = self._get_record("b2b.conversation", conversation_id)
        return self._render_conversation(talk)

    def _render_conversation(self, talk, **values):
        """The page of a conversation (single, sudo)."""
        order = request.env["sale.order"].search([("id", "=", talk.order_id.id)])
        return request.render(
            "b2b_portal.conversation",
            self._get_bubble_values(talk)
            | {
                "order": order.sudo(),
                "states": self._get_states(),
                "may_write": bool(talk._b2b_filtered("create")),
                "read_only_text": request.env._(
                    "Only %(name)s writes in this conversation.",
                    name=talk.member_id.name,
                ),
                "is_mine": talk.member_id.user_id == request.env.user,
                "text": "",
                "error": None,
                "accept": ",".join(f".{ending}" for ending in attachments.ALLOWED),
                "message": self._pop_message(),
                "page_name": "b2b_messages",
            }
            | values,
        )

    def _get_bubble_values(self, talk, after=0):
        """Values of the fragment with the messages behind an id."""
        messages = talk._get_messages(after=after)
        files = messages.attachment_ids
        return {
            "talk": talk,
            "bubbles": messages,
            "days": {message.id: self._get_day(message) for message in messages},
            "sizes": {file.id: human_size(file.file_size) for file in files},
            "fragment": bool(after),
        }

    def _get_day(self, message):
        """The day of a message in words, where the visitor is."""
        day = fields.Datetime.context_timestamp(message, message.date).date()
        today = fields.Date.context_today(message)
        if day == today:
            return request.env._("today")
        if day == today - timedelta(days=1):
            return request.env._("yesterday")
        return format_date(request.env, day, date_format="dd.MM.yyyy")

    # === WRITING === #

    @route(
        "/my/messages/<int:conversation_id>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def post(self, conversation_id, text="", **kwargs):
        """Write into one's conversation, with files."""
        talk = self._get_record("b2b.conversation", conversation_id, "create")
        try:
            files = self._read_files()
            text = self._check_text(text, needed=not files)
        except UserError as error:
            return self._render_conversation(talk, text=text, error=str(error))
        talk._post_as_member(text, files)
        return request.redirect(f"/my/messages/{conversation_id}#o_b2b_last")

    @route(
        "/my/messages/<int:conversation_id>/send",
        type="jsonrpc",
        auth="user",
        website=True,
    )
    def send(self, conversation_id, text="", after=0):
        """Write without a reload; answers like :meth:`news`, or with an error.

        :return: dict: error (text), or that of :meth:`news`
        """
        talk = self._get_record("b2b.conversation", conversation_id, "create")
        try:
            text = self._check_text(text)
        except UserError as error:
            return {"error": str(error)}
        talk._post_as_member(text)
        return self._get_news(talk, after)

    @route(
        "/my/messages/<int:conversation_id>/news",
        type="jsonrpc",
        auth="user",
        website=True,
    )
    def news(self, conversation_id, after=0, seen=False):
        """Messages behind an id as HTML; ``seen``: the visitor looks at the page.

        :return: dict: html, last (id), seen (last id that the seller has seen)
        """
        talk = self._get_record("b2b.conversation", conversation_id)
        if seen:
            self._mark_seen(talk)
        return self._get_news(talk, after)

    def _get_news(self, talk, after):
        values = self._get_bubble_values(talk, int(after))
        html = request.env["ir.qweb"]._render("b2b_portal.bubbles", values)
        return {
            "html": html,
            "last": values["bubbles"][-1:].id or int(after),
            "seen": talk.staff_seen_id,
        }

    @route(
        "/my/messages/<int:conversation_id>/read",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def mark_read(self, conversation_id, **kwargs):
        """Mark as read, for browsers without scripts."""
        self._mark_seen(self._get_record("b2b.conversation", conversation_id))
        return request.redirect("/my/messages")

    def _mark_seen(self, talk):
        """Only the member it belongs to reads it; a director merely looks."""
        if talk.member_id.user_id == request.env.user:
            talk._mark_seen("member")

    def _check_text(self, text, needed=True):
        """:raise UserError: the text is empty or too long"""
        text = (text or "").strip()
        if needed and not text:
            raise UserError(request.env._("Write a message first."))
        if len(text) > MAX_TEXT:
            raise UserError(
                request.env._(
                    "The message is too long: at most %(count)s characters.",
                    count=MAX_TEXT,
                )
            )
        return text

    def _read_files(self):
        """Files of the posted form, checked.

        :return: list of (name, bytes)
        :raise UserError: which file is refused and why
        """
        uploads = [
            file for file in request.httprequest.files.getlist("files") if file.filename
        ]
        if len(uploads) > attachments.MAX_FILES:
            raise UserError(
                request.env._(
                    "At most %(count)s files at once.", count=attachments.MAX_FILES
                )
            )
        files = []
        for upload in uploads:
            name = upload.filename.replace("\\", "/").rsplit("/", 1)[-1][:120]
            data = upload.read(attachments.MAX_BYTES + 1)
            if problem := attachments.get_problem(name, data):
                raise UserError(self._get_problem_text(name, problem))
            files.append((name, data))
        return files

    def _get_problem_text(self, name, problem):
        """Words for a code of ``tools.attachments``."""
        env = request.env
        texts = {
            "empty": env._("%(name)s is empty.", name=name),
            "size": env._("%(name)s is larger than 10 MB.", name=name),
            "type": env._(
                "%(name)s is not taken: send PDF, images, Word, Excel, text or ZIP.",
                name=name,
            ),
        }
        return texts[problem]

    # === FILES === #

    @route(
        "/my/messages/<int:conversation_id>/file/<int:attachment_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def download(self, conversation_id, attachment_id, **kwargs):
        """A file of a message that the visitor sees; saved, never shown inline."""
        talk = self._get_record("b2b.conversation", conversation_id)
        message = request.env["mail.message"].sudo()
        found = message.search(
            talk._get_message_domain()
            & Domain("attachment_ids", "in", [attachment_id]),
            limit=1,
        )
        file = found.attachment_ids.filtered(lambda a: a.id == attachment_id)
        if not file:
            raise NotFound
        return request.make_response(
            file.raw or b"",
            [
                ("Content-Type", "application/octet-stream"),
                ("Content-Disposition", content_disposition(file.name)),
                ("X-Content-Type-Options", "nosniff"),
                ("Content-Security-Policy", "default-src 'none'; sandbox"),
            ],
        )


class StaffThread(ThreadController):
    @route()
    def mail_thread_messages(self, thread_model, thread_id, fetch_params=None):
        """Staff who open the chatter have read the conversation."""
        result = super().mail_thread_messages(thread_model, thread_id, fetch_params)
        if thread_model == "b2b.conversation" and request.env.user._is_internal():
            talk = request.env[thread_model].browse(int(thread_id)).exists()
            if talk.has_access("write"):
                talk.sudo()._mark_seen("staff")
        return result
