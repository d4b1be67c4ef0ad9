# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.urls import urljoin

Command = fields.Command


class B2bRegistration(models.Model):
    _inherit = "b2b.registration"

    # === THE MANAGER === #

    def action_approve(self):
        """Approve (batch); what is approved already stays as it is."""
        self.check_access("write")
        converted = self.browse()
        for registration in self.sorted("id"):
            if not registration.sudo()._approve():
                converted |= registration
        if not converted:
            return False
        text = self.env._(
            "A customer with this tax number exists by now: %(names)s. The application "
            "waits for the director of that account.",
            names=", ".join(converted.mapped("name")),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": text,
                "type": "warning",
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_ask_more(self):
        """Open the window for what is missing."""
        return self._open_answer("more", self.env._("Ask for more"))

    def action_reject(self):
        """Open the window for the reason."""
        return self._open_answer("reject", self.env._("Reject"))

    def _open_answer(self, mode, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "b2b.registration.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_registration_id": self.id, "default_mode": mode},
        }

    def _ask_more(self, text):
        """Send the registration (single) back with what is missing.

        :raise UserError: it is decided already
        """
        self.check_access("write")
        registration = self.sudo()
        registration._lock()
        registration._check_open()
        registration.write({"state": "more", "request_text": text, "deadline": False})
        registration._forget_activities()
        registration._send_mail("more")

    def _reject(self, reason):
        """Refuse the registration (single, sudo or staff); it may be sent again.

        :raise UserError: it is decided already
        """
        self.check_access("write")
        registration = self.sudo()
        registration._lock()
        if registration.state == "rejected":
            return
        registration._check_open()
        registration._set_decided("rejected", reason=reason)
        registration._send_mail("rejected")

    def _set_decided(self, state, **values):
        """Close the registration (single, sudo)."""
        self.write(
            {
                "state": state,
                "decided_at": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
                "deadline": False,
            }
            | values
        )
        self._forget_activities()

    # === THE APPLICANT === #

    def _resubmit(self, values, files):
        """The applicant (single, sudo) sends it again, with changes.

        :param dict values: see ``_check_form``; may be empty
        :raise UserError: there is nothing to be sent again
        """
        self._lock()
        if self.state not in ("more", "rejected"):
            raise UserError(self.env._("The application is being checked."))
        self.write(
            values
            | {
                "state": "submitted",
                "submitted_at": fields.Datetime.now(),
                "decided_at": False,
                "decided_by_id": False,
            }
        )
        self.partner_id = self._find_partner()
        self.deadline = self._get_deadline()
        self._add_files(files)
        self._route()

    def _withdraw(self):
        """The applicant (single, sudo) takes the application back."""
        self._lock()
        if self.state == "cancelled":
            return
        self._check_open()
        self._set_decided("cancelled")

    # === APPROVAL === #

    def _approve(self):
        """Create what the registration (single, sudo) asks for. Idempotent.

        :return: False when it became a request to join instead
        :raise UserError: it cannot be approved as it stands
        """
        self._lock()
        if self.state == "approved":
            return True
        self._check_open()
        if self.kind == "join":
            nobody = self.env["res.partner"]
            self._accept_join(self.join_role_ids, nobody, all_entities=True)
            return True
        entity = self._find_entity()
        if entity and self.kind == "account":
            self._become_join(entity)
            return False
        if entity:
            raise UserError(
                self.env._(
                    "The legal entity %(name)s belongs to the account %(account)s.",
                    name=entity.name,
                    account=entity.b2b_account_id.name,
                )
            )
        if self.kind == "account":
            self._check_email_free()
            self.account_id = self.env["b2b.account"].create(
                self._prepare_account_values()
            )
        self._approve_entity()
        return True

    def _approve_entity(self):
        """Create the legal entity and, for a new customer, its director."""
        entity = self._get_or_create_entity()
        self._hand_over_files(entity)
        member = self.member_id
        if self.kind == "account":
            director = self.env.ref("b2b_portal.role_director")
            member = self._create_member(director, all_entities=True)
        self._set_decided("approved", entity_id=entity.id, member_id=member.id)
        self.account_id._b2b_entity_approved(entity)
        self._send_mail("activated" if self.kind == "account" else "entity")

    def _prepare_account_values(self):
        """Values of the new account."""
        return {
            "name": self.name,
            "manager_id": self.manager_id.id or self.env.uid,
            "segment_id": self.segment_id.id,
        }

    def _prepare_entity_values(self):
        """Requisites of the new legal entity. A hook."""
        return {
            "name": self.name,
            "is_company": True,
            "vat": self.vat,
            "country_id": self.country_id.id,
            "zip": self.zip,
            "city": self.city,
            "street": self.street,
            "phone": self.phone,
            "website": self.site,
            "lang": self.lang,
            "user_id": self.account_id.manager_id.id,
        }

    def _get_or_create_entity(self):
        """The known contact gets only what it lacks; otherwise a new partner."""
        values = self._prepare_entity_values()
        link = {"b2b_account_id": self.account_id.id, "b2b_stage": "verified"}
        partner = self.partner_id.filtered(lambda p: not p.b2b_account_id)
        if not partner:
            return self.env["res.partner"].create(values | link)
        missing = {name: value for name, value in values.items() if not partner[name]}
        partner.write(missing | link)
        return partner

    def _check_email_free(self):
        """:raise UserError: a user, active or not, has the login"""
        users = self.env["res.users"].with_context(active_test=False)
        if users.search_count([("login", "=", self.email)], limit=1):
            raise UserError(
                self.env._(
                    "There is a user with the e-mail %(email)s already. Ask the "
                    "applicant for another one.",
                    email=self.email,
                )
            )

    def _prepare_user_values(self):
        """A portal user with a contact of its own: its rights come from roles."""
        return {
            "name": self.contact_name,
            "login": self.email,
            "email": self.email,
            "phone": self.contact_phone,
            "function": self.contact_job,
            "lang": self.lang,
            "company_id": self.company_id.id,
            "company_ids": [Command.set(self.company_id.ids)],
            "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
        }

    def _create_member(self, roles, entities=None, all_entities=False):
        """The applicant becomes a user and a member of the account.

        :param roles: ``b2b.role`` records
        :param entities: legal entities that the member acts for
        """
        users = self.env["res.users"].with_context(no_reset_password=True)
        user = users.create(self._prepare_user_values())
        user.partner_id.signup_prepare(signup_type="reset")
        return self.env["b2b.member"].create(
            {
                "account_id": self.account_id.id,
                "user_id": user.id,
                "role_ids": [Command.set(roles.ids)],
                "job": self.contact_job,
                "all_entities": all_entities,
                "entity_ids": [Command.set(entities.ids if entities else [])],
                "stage": "verified",
            }
        )

    def _get_password_url(self):
        """Link to choose a password, valid as long as core's invitations (single).

        Core's own reset link is valid for four hours only.
        """
        registration = self.sudo()
        partner = registration.member_id.user_id.partner_id
        hours = self.env["ir.config_parameter"].sudo()
        hours = hours.get_param("auth_signup.signup.validity.hours", 144)
        token = partner._generate_signup_token(expiration=int(hours))
        query = urlencode({"db": self.env.cr.dbname, "token": token})
        return urljoin(registration._get_site_url(), f"/web/reset_password?{query}")

    # === JOINING === #

    def _route(self):
        """Hand an application (single, sudo) to whoever decides: the director of the
        account that has the firm already, or else the manager.
        """
        entity = self._find_entity() if self.kind != "entity" else None
        if entity:
            self._become_join(entity)
            return
        if self.kind == "join":
            self.write({"kind": "account", "account_id": False})
        self._notify_manager()

    def _become_join(self, entity):
        """The firm is a customer: its director decides (single, sudo)."""
        account = entity.b2b_account_id
        self.write(
            {
                "kind": "join",
                "account_id": account.id,
                "partner_id": False,
                "manager_id": account.manager_id.id or self.manager_id.id,
                "state": "submitted",
            }
        )
        self._forget_activities()
        self._notify_directors()

    @api.model
    def _get_join_requests(self):
        """Waiting requests (sudo) that the current user may decide on."""
        grants = self.env["b2b.member"]._get_grants()
        accounts = {
            grant.account_id
            for grant in grants
            if (grant.object, grant.verb) == ("member", "create")
        }
        if not accounts:
            return self.sudo().browse()
        return self.sudo().search(
            [
                ("kind", "=", "join"),
                ("state", "=", "submitted"),
                ("account_id", "in", list(accounts)),
            ]
        )

    def _accept_join(self, roles, entities, all_entities=False):
        """Let the applicant (single, sudo) into the account. Idempotent.

        The caller has checked the right, and that roles and entities may be given.

        :raise UserError: decided already, no role, or the e-mail is taken
        """
        self._lock()
        if self.state == "approved":
            return
        self._check_open()
        if not roles:
            raise UserError(self.env._("Choose a role."))
        if not (entities or all_entities):
            raise UserError(self.env._("Choose the legal entities."))
        foreign = entities.filtered(lambda e: e.b2b_account_id != self.account_id)
        if foreign or roles - self.account_id._b2b_get_assignable_roles():
            raise UserError(self.env._("This cannot be given in this account."))
        self._check_email_free()
        member = self._create_member(roles, entities, all_entities)
        self._set_decided("approved", member_id=member.id)
        self._send_mail("activated")
