# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import Forbidden, NotFound

from odoo.exceptions import UserError, ValidationError
from odoo.http import Controller, request, route

from .common import MemberPages
from .registration import RegistrationForms


class EntityPages(MemberPages):
    """What the pages of legal entities share."""

    def _get_entity(self, entity_id, verb="read"):
        """A legal entity by id, in sudo; see ``_get_record``."""
        entity = self._get_record("res.partner", entity_id, verb)
        if not entity.b2b_account_id:
            raise NotFound
        return entity

    def _get_member(self, account):
        """The visitor's membership of an account, in sudo."""
        members = request.env["b2b.member"].sudo()
        domain = [("user_id", "=", request.env.uid), ("account_id", "=", account.id)]
        return members.search(domain, limit=1)


class Entities(EntityPages, RegistrationForms, Controller):
    """Legal entities: requisites, bank accounts, one more of them."""

    @route("/my/entities", type="http", auth="user", website=True, readonly=True)
    def entities(self, **kwargs):
        """List of the legal entities that the visitor may see."""
        self._check_may("entity", "read")
        Partner = request.env["res.partner"]
        found = Partner.search([("b2b_account_id", "!=", False)], order="name, id")
        entities = found.sudo()
        addresses = dict(
            Partner.sudo()._read_group(
                entities._b2b_address_domain(), ["parent_id"], ["__count"]
            )
        )
        Agreement = request.env["b2b.agreement"]
        agreements = dict(
            Agreement._read_group(
                [("entity_id", "in", entities.ids), ("state", "=", "active")],
                ["entity_id"],
                ["__count"],
            )
        )
        may = request.env["b2b.member"]._may
        papers = may("paper", "read")
        Paper = request.env["b2b.paper"]
        account = request.b2b.member.account_id
        return request.render(
            "b2b_portal.entities",
            {
                "entities": entities,
                "stages": dict(
                    Partner._fields["b2b_stage"]._description_selection(request.env)
                ),
                "address_counts": {e.id: addresses.get(e, 0) for e in entities},
                "agreement_counts": {
                    entity.id: count for entity, count in agreements.items()
                },
                "paper_states": Paper._b2b_get_state_text(entities) if papers else {},
                "may_create": may("entity", "create", account=account),
                "message": self._pop_message(),
                "page_name": "b2b_entities",
            },
        )

    @route(
        "/my/entities/<int:entity_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def entity(self, entity_id, **kwargs):
        """Requisites, bank accounts and addresses of one legal entity."""
        entity = self._get_entity(entity_id)
        return request.render(
            "b2b_portal.entity", self._get_entity_values(entity, **kwargs)
        )

    def _get_entity_values(self, entity, **kwargs):
        """Values of the page of a legal entity (single, sudo); a hook."""
        env = request.env
        may = env["b2b.member"]._may
        Agreement = env["b2b.agreement"]
        agreements = Agreement.search([("entity_id", "=", entity.id)]).sudo()
        changes = entity.b2b_change_ids[:1]
        return {
            "entity": entity,
            "stage": dict(entity._fields["b2b_stage"]._description_selection(env)).get(
                entity.b2b_stage
            ),
            "requisites": self._get_requisite_rows(entity),
            "banks": entity.bank_ids,
            "agreements": agreements,
            "change": changes.filtered(lambda c: c.state in ("open", "refused")),
            "address_count": env["res.partner"]
            .sudo()
            .search_count(entity._b2b_address_domain()),
            "may_write": bool(entity._b2b_filtered("write")),
            "may_papers": may("paper", "read", entity),
            "may_addresses": may("address", "read", entity),
            "bank_values": {},
            "bank_error": None,
            "message": self._pop_message(),
            "page_name": "b2b_entity",
        }

    def _get_requisite_rows(self, entity):
        """(label, text) of what identifies a legal entity (single, sudo)."""
        labels = entity._b2b_get_requisite_labels()
        return [(label, entity[name]) for name, label in labels.items()]

    # === CHANGE === #

    @route(
        "/my/entities/<int:entity_id>/edit",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def edit(self, entity_id, **kwargs):
        """Form of the requisites and contacts of a legal entity."""
        entity = self._get_entity(entity_id, "write")
        names = entity._b2b_get_requisite_labels()
        texts = {name: entity[name] or "" for name in names}
        return self._render_edit(entity, texts)

    def _render_edit(self, entity, texts, error=None):
        return request.render(
            "b2b_portal.entity_edit",
            {
                "entity": entity,
                "labels": entity._b2b_get_requisite_labels(),
                "requisites": entity._b2b_get_requisite_fields(),
                "free": entity._b2b_get_free_fields(),
                "texts": texts,
                "error": error,
                "page_name": "b2b_entity",
            },
        )

    @route(
        "/my/entities/<int:entity_id>/save",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def save(self, entity_id, **texts):
        """Change contacts at once, ask for a change of requisites."""
        entity = self._get_entity(entity_id, "write")
        member = self._get_member(entity.b2b_account_id)
        try:
            with request.env.cr.savepoint():
                change = entity._b2b_request_change(texts, member)
        except (UserError, ValidationError) as error:
            return self._render_edit(entity, texts, str(error))
        self._tell(
            request.env._(
                "Your manager checks the new requisites. Until then papers show the "
                "old ones."
            )
            if change
            else request.env._("Saved.")
        )
        return request.redirect(f"/my/entities/{entity.id}")

    @route(
        "/my/entities/<int:entity_id>/bank",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def add_bank(self, entity_id, **texts):
        """Add a bank account of a legal entity."""
        entity = self._get_entity(entity_id, "write")
        try:
            with request.env.cr.savepoint():
                entity._b2b_add_bank(texts)
        except (UserError, ValidationError) as error:
            values = self._get_entity_values(entity)
            values |= {"bank_values": texts, "bank_error": str(error)}
            return request.render("b2b_portal.entity", values)
        self._tell(request.env._("The bank account is added."))
        return request.redirect(f"/my/entities/{entity.id}")

    # === ONE MORE === #

    def _get_new_account(self):
        """The account (sudo) that the visitor may add a legal entity to.

        :raise Forbidden: the role does not allow it
        """
        self._check_member()
        account = request.b2b.member.account_id
        if not request.env["b2b.member"]._may("entity", "create", account=account):
            raise Forbidden
        return account

    @route("/my/entities/new", type="http", auth="user", website=True, readonly=True)
    def new(self, **kwargs):
        """Form of a new legal entity: the application without a contact."""
        self._get_new_account()
        registrations = self._get_registrations()
        texts = dict.fromkeys(registrations._get_form_fields("entity"), "")
        texts["country_id"] = str(request.website.company_id.country_id.id or "")
        return self._render_new(registrations, texts)

    def _render_new(self, registrations, texts, errors=None):
        values = self._prepare_form(registrations, texts, errors, "entity")
        values["page_name"] = "b2b_entity_new"
        return request.render("b2b_portal.entity_new", values)

    @route(
        "/my/entities/create",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def request_entity(self, **post):
        """Ask the seller for one more legal entity of the account.

        Nothing but an application exists before the seller has approved it.
        """
        account = self._get_new_account()
        registrations = self._get_registrations()
        texts = registrations._read_form(post, "entity")
        values, errors = registrations._check_form(texts, "entity")
        uploads = self._get_uploads(registrations)
        files, file_errors = registrations._check_files(uploads)
        errors |= file_errors
        if not errors:
            try:
                request.env["b2b.registration"]._create_from_portal(
                    values, files, account, self._get_member(account)
                )
            except (UserError, ValidationError) as error:
                errors["form"] = str(error)
        if errors:
            return self._render_new(registrations, texts, errors)
        self._tell(
            request.env._(
                "Your manager checks the legal entity “%(name)s” and writes to you.",
                name=values["name"],
            )
        )
        return request.redirect("/my/entities")
