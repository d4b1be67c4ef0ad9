# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from .common import MemberPages


class Join(MemberPages, Controller):
    """Requests of people to be let into an account."""

    def _get_request(self, registration_id):
        """A request to join, in sudo, that the visitor may decide on.

        :raise NotFound: there is none, or the role does not allow it
        """
        self._check_member()
        registration = request.env["b2b.registration"].sudo()
        registration = registration.search(
            [("id", "=", registration_id), ("kind", "=", "join")]
        )
        may = request.env["b2b.member"]._may
        if not registration or not may(
            "member", "create", account=registration.account_id
        ):
            raise NotFound
        return registration

    def _get_reach(self, account):
        """Legal entities (sudo) of an account that the visitor may give, and whether
        all of them, also future ones.
        """
        grants = [
            grant
            for grant in request.env["b2b.member"]._get_grants()
            if (grant.object, grant.verb) == ("member", "create")
            and grant.account_id == account.id
        ]
        ids = {entity_id for grant in grants for entity_id in grant.get_entity_ids()}
        entities = account.entity_ids.filtered(lambda e: e.id in ids)
        return entities, any(grant.scope == "account" for grant in grants)

    def _render(self, registration, error=None, post=None):
        entities, everything = self._get_reach(registration.account_id)
        return request.render(
            "b2b_portal.join_request",
            {
                "registration": registration,
                "roles": registration.account_id._b2b_get_assignable_roles(),
                "entities": entities,
                "everything": everything,
                "states": dict(
                    registration._fields["state"]._description_selection(request.env)
                ),
                "error": error,
                "post": post or {},
                "chosen": request.httprequest.form.getlist("entity_id"),
                "message": self._pop_message(),
                "page_name": "b2b_join",
            },
        )

    @route(
        "/my/join/<int:registration_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def join_request(self, registration_id, **kwargs):
        """Who asks, with the choice of role and legal entities.

        Not readonly: the text of the last change is shown once.
        """
        return self._render(self._get_request(registration_id))

    @route(
        "/my/join/<int:registration_id>/accept",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def accept(self, registration_id, role_id="", scope="", **post):
        """Let the person in, with one role, for some or all legal entities."""
        registration = self._get_request(registration_id)
        account = registration.account_id
        roles = account._b2b_get_assignable_roles().filtered(
            lambda role: str(role.id) == role_id
        )
        entities, everything = self._get_reach(account)
        wanted = request.httprequest.form.getlist("entity_id")
        entities = entities.filtered(lambda e: str(e.id) in wanted)
        try:
            with request.env.cr.savepoint():
                registration._accept_join(
                    roles, entities, all_entities=everything and scope == "all"
                )
        except UserError as error:
            return self._render(
                registration, str(error), {"role_id": role_id, "scope": scope}
            )
        self._tell(
            request.env._("%(name)s has access now.", name=registration.contact_name)
        )
        return request.redirect(f"/my/join/{registration.id}")

    @route(
        "/my/join/<int:registration_id>/decline",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def decline(self, registration_id, **post):
        """Refuse the person; no details of the account go out."""
        registration = self._get_request(registration_id)
        reason = registration.with_context(lang=registration.lang).env._(
            "The company did not confirm this application."
        )
        try:
            with request.env.cr.savepoint():
                registration._reject(reason)
        except UserError as error:
            return self._render(registration, str(error))
        self._tell(request.env._("The request is refused."))
        return request.redirect(f"/my/join/{registration.id}")
