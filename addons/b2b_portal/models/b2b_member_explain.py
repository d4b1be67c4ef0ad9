# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class B2bMember(models.Model):
    """'Why can't I?': the reason of a refusal, and who can change it."""

    _inherit = "b2b.member"

    @api.model
    def _explain(self, object_name, verb, record=None):
        """Why the current user may not do something, or that they may.

        :param str object_name: an object of ``b2b.permission``
        :param str verb: a verb of ``b2b.permission``
        :param record: a scoped record (single) that the user sees
        :return: dict: code ('ok', 'no_membership', 'blocked', 'no_permission',
            'scope', 'stage', 'entity_stage', '2fa' or 'limit'), text, who (names of
            those who can help), manager (name), member (the membership, in sudo)
        """
        member = self._get_explained_member(record)
        code, values = "no_membership", {}
        if member:
            code, values = member._find_reason(object_name, verb, record)
        helpers = self.browse().sudo()
        if code not in ("ok", "no_membership", "2fa", "blocked"):
            right = "approve" if code == "stage" else "write"
            helpers = member._get_helpers(right)
        return {
            "code": code,
            "text": self._get_reason_text(code) % values,
            "who": helpers[:5].mapped("name"),
            "manager": member.account_id.manager_id.name or "",
            "member": member,
        }

    @api.model
    def _get_explained_member(self, record=None):
        """The user's membership that a question is about, in sudo; may be empty."""
        members = self.sudo().search([("user_id", "=", self.env.uid)])
        members = members.filtered("account_id.active")
        if record and len(members) > 1:
            account = self._get_entity_of(record).b2b_account_id
            members = members.filtered(lambda m: m.account_id == account) or members
        return members[:1]

    @api.model
    def _get_entity_of(self, record):
        """The legal entity of a scoped record (single), in sudo; may be empty."""
        path = record._b2b_entity_path
        if path.split(".")[0] not in record._fields:
            return self.env["res.partner"].sudo()
        return record.sudo().mapped(path)[:1]

    def _find_reason(self, object_name, verb, record=None):
        """The code of :meth:`_explain` for one membership (single, sudo).

        :return: (code, dict of values for its text)
        """
        cell = (object_name, verb)
        grants = [
            grant
            for grant in self._get_grants_in(self.account_id)
            if (grant.object, grant.verb) == cell
        ]
        if grants:
            return self._judge_grants(grants, record)
        permissions = self.role_ids.filtered("active").permission_ids.filtered(
            lambda p: (p.object, p.verb) == cell and p._is_within_base()
        )
        if not permissions:
            return "no_permission", {}
        if self.account_id.state == "blocked" and verb != "read":
            return "blocked", {}
        obstacles = {self._b2b_get_obstacle(permission) for permission in permissions}
        return ("stage" if "stage" in obstacles else "2fa"), {}

    def _judge_grants(self, grants, record):
        """What keeps a permission that the member (single, sudo) has from a record."""
        verb = grants[0].verb
        if record is None:
            reaches = any(grant.get_entity_ids() for grant in grants)
            bound = any(grant.entity_stage != "registered" for grant in grants)
            return ("ok" if reaches or not bound else "entity_stage"), {}
        record = record.with_user(self.env.user).sudo()
        if record._b2b_filtered(verb) != record:
            entity = self._get_entity_of(record)
            own = entity and entity in self._get_acted_entities()
            short = own and all(
                entity.id not in grant.get_entity_ids() for grant in grants
            )
            return ("entity_stage" if short else "scope"), {}
        is_order = record._name == "sale.order" and verb == "submit"
        checks = record._b2b_get_limit_checks() if is_order else []
        return ("limit", {"limit": checks[0]["message"]}) if checks else ("ok", {})

    def _get_acted_entities(self):
        """Legal entities that the member (single, sudo) acts for."""
        entities = self.account_id.entity_ids
        return entities if self.all_entities else self.entity_ids & entities

    def _get_helpers(self, verb):
        """Active colleagues with a right over this member (single, sudo).

        :param str verb: 'write' or 'approve'
        :return: ``b2b.member`` in sudo
        """
        above = {int(part) for part in (self.parent_path or "").split("/") if part}
        entities = self._get_acted_entities()

        def reaches(member):
            for permission in member.role_ids.filtered("active").permission_ids:
                if (permission.object, permission.verb) != ("member", verb):
                    continue
                if member._b2b_get_obstacle(permission):
                    continue
                if permission.scope == "account" or (
                    permission.scope == "team" and member.id in above
                ):
                    return True
                if permission.scope == "entity" and (
                    self.all_entities or member._get_acted_entities() & entities
                ):
                    return True
            return False

        return (self.account_id.member_ids - self).filtered(reaches)

    @api.model
    def _get_reason_text(self, code):
        """The customer's text for a code of :meth:`_explain`."""
        texts = {
            "ok": self.env._("Your role allows this."),
            "no_membership": self.env._(
                "You are not an active member of a customer's account, so there is "
                "nothing to show here."
            ),
            "blocked": self.env._(
                "The account is blocked: everything can be seen, nothing can be "
                "changed or ordered. Ask your manager."
            ),
            "no_permission": self.env._("Your role does not include this."),
            "scope": self.env._(
                "Your role allows this for other records, not for this one."
            ),
            "stage": self.env._(
                "Your role includes this, but it acts once you have been confirmed."
            ),
            "entity_stage": self.env._(
                "This works once the manager has verified the legal entity."
            ),
            "2fa": self.env._(
                "Your role includes this, but only with two-factor sign-in. Switch it "
                "on in your security settings."
            ),
            "limit": "%(limit)s",
        }
        return texts[code]

    @api.model
    def _get_permission_words(self, object_name, verb):
        """The words of an object and a verb of the permission table.

        :return: (object, verb) as texts; None when one of them does not exist
        """
        Permission = self.env["b2b.permission"]
        objects = dict(Permission._get_choices("object"))
        verbs = dict(Permission._get_choices("verb"))
        if object_name not in objects or verb not in verbs:
            return None
        return objects[object_name], verbs[verb]
