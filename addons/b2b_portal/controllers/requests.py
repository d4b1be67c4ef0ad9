# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from .members import MemberForms


class Access(MemberForms, Controller):
    """'Why can't I?', and asking for the right."""

    @route("/b2b/why", type="http", auth="user", website=True, readonly=True)
    def why(self, object="", verb="", cart_id="", **kwargs):
        """Why the visitor may not do something, and who can change it."""
        Member = request.env["b2b.member"]
        words = Member._get_permission_words(object, verb)
        if not words:
            raise NotFound
        cart = None
        if object == "cart" and cart_id.isdecimal():
            cart = self._get_cart(int(cart_id), "read")
        explanation = Member._explain(object, verb, cart)
        open_request = (
            request.env["b2b.access.request"]
            .sudo()
            .search(
                [
                    ("member_id", "=", explanation["member"].id),
                    ("object", "=", object),
                    ("verb", "=", verb),
                    ("state", "=", "open"),
                ],
                limit=1,
            )
        )
        return request.render(
            "b2b_portal.why",
            {
                "explanation": explanation,
                "text": explanation["text"],
                "words": words,
                "object_name": object,
                "verb": verb,
                "open_request": open_request,
                "message": self._pop_message(),
                "page_name": "b2b_why",
            },
        )

    @route("/b2b/ask", type="http", auth="user", website=True, methods=["POST"])
    def ask(self, object="", verb="", text="", **kwargs):
        """Ask those who can grant it for a right."""
        self._check_member()
        Member = request.env["b2b.member"]
        if not Member._get_permission_words(object, verb):
            raise NotFound
        requests = request.env["b2b.access.request"]
        self._do(
            lambda: requests._ask(request.b2b.member, object, verb, text),
            request.env._("Your question is with your colleagues."),
        )
        return request.redirect_query("/b2b/why", {"object": object, "verb": verb})

    def _get_request(self, request_id):
        """A request by id that the visitor may decide on, in sudo.

        :raise NotFound: there is none, or it is one's own
        """
        record = self._get_record("b2b.access.request", request_id)
        user = request.env.user
        mine = record.sudo(False).with_user(user)
        may_decide = mine._b2b_filtered("write") or mine._b2b_filtered("approve")
        if record.member_id.user_id == user or not may_decide:
            raise NotFound
        return record

    @route(
        "/my/requests/<int:request_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def request_page(self, request_id, **kwargs):
        """One request: who asks for what, and what one can do about it."""
        record = self._get_request(request_id)
        member = record.member_id
        asker = request.env["b2b.member"].with_user(member.user_id)
        return request.render(
            "b2b_portal.access_request",
            {
                "record": record,
                "member": member,
                "explanation": asker._explain(record.object, record.verb),
                "roles": record._get_roles(),
                "may_confirm": member.stage == "verified"
                and bool(member.sudo(False)._b2b_filtered("approve")),
                "may_write": bool(member.sudo(False)._b2b_filtered("write")),
                "message": self._pop_message(),
                "page_name": "b2b_request",
            },
        )

    @route(
        "/my/requests/<int:request_id>/grant",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def grant(self, request_id, role_id="", confirm="", **kwargs):
        """Give what is asked for: a role, or the last stage."""
        record = self._get_request(request_id)
        role = record._get_roles().filtered(lambda r: str(r.id) == role_id)
        done = self._do(
            lambda: record._portal_grant(role, confirm=confirm == "1"),
            request.env._("%(name)s has the right now.", name=record.member_id.name),
        )
        return self._leave(record, done)

    @route(
        "/my/requests/<int:request_id>/decline",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def decline(self, request_id, text="", **kwargs):
        """Refuse a request, saying why."""
        record = self._get_request(request_id)

        def decline():
            if not text.strip():
                raise UserError(request.env._("Say why, in a word or two."))
            record._portal_decline(text)

        return self._leave(
            record, self._do(decline, request.env._("The request is declined."))
        )

    def _leave(self, record, done):
        """After a decision: to the member; otherwise back to the request."""
        if done:
            return request.redirect(f"/my/members/{record.member_id.id}")
        return request.redirect(f"/my/requests/{record.id}")
