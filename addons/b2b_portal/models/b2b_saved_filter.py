# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.catalogue_query import CatalogueQuery

# Filters of one member on all websites.
MAX_FILTERS = 50
MAX_NAME = 80
# Longer addresses do not come through proxies.
MAX_PARAMS = 6000
# Filters that the catalogue offers; the page of filters has them all.
MAX_LISTED = 100


class B2bSavedFilter(models.Model):
    """A state of the catalogue that a member has given a name.

    It holds no goods and no prices, only filters: whoever opens it sees what their own
    rights show. A private one is its member's alone; a shared one is seen by those
    whose role reaches the legal entity that it was saved under.
    """

    _name = "b2b.saved.filter"
    _description = "Saved Filter"
    _inherit = ["b2b.scope.mixin"]
    _order = "sequence, id"
    _b2b_member_path = "member_id"

    name = fields.Char(required=True)
    member_id = fields.Many2one(
        "b2b.member", "Saved by", required=True, index=True, ondelete="cascade"
    )
    entity_id = fields.Many2one(
        "res.partner", "Legal entity", required=True, index=True, ondelete="cascade"
    )
    website_id = fields.Many2one("website", required=True, ondelete="cascade")
    shared = fields.Boolean()
    sequence = fields.Integer(default=10)
    # A number, not a link: a filter whose section is gone says so.
    section_key = fields.Integer("Section", required=True, default=0)
    params = fields.Char("Filters", default="")

    # === SCOPE === #

    @api.model
    def _b2b_objects(self):
        return {"saved_filter": Domain.TRUE}

    @api.model
    def _b2b_grant_domain(self, grant):
        """One's own, and shared ones as far as the grant reaches."""
        own = Domain("member_id", "=", grant.member_id)
        if grant.scope == "own":
            return own
        return own | (Domain("shared", "=", True) & super()._b2b_grant_domain(grant))

    @api.model
    def _b2b_may_share(self, entity):
        """Whether the user's role lets them share filters of a legal entity."""
        return any(
            (grant.object, grant.verb) == ("saved_filter", "create")
            and grant.scope != "own"
            and entity.id in grant.get_entity_ids()
            for grant in self.env["b2b.member"]._get_grants()
        )

    # === WRITING; THE CALLER HAS CHECKED THE RIGHTS === #

    @api.model
    def _b2b_save(self, acting, website, name, query, shared=False):
        """Keep a state of the catalogue under a name.

        Safe against the same member saving in another tab: limit and duplicates are
        looked for while the member is locked.

        :param acting: ``website.Acting`` with an agreement
        :param query: ``CatalogueQuery``; its page is not kept
        :return: the filter, in sudo
        :raise UserError: no name, nothing to keep, too many, or kept already
        """
        member = acting.member.sudo()
        member._b2b_lock()
        mine = self.sudo().search([("member_id", "=", member.id)])
        params = urlencode(query.get_params())
        self._check_new(mine, website, query, params)
        return self.sudo().create(
            {
                "name": self._b2b_clean_name(name, mine),
                "member_id": member.id,
                "entity_id": acting.entity.id,
                "website_id": website.id,
                "shared": shared,
                "sequence": max(mine.mapped("sequence"), default=0) + 10,
                "section_key": query.section,
                "params": params,
            }
        )

    @api.model
    def _check_new(self, mine, website, query, params):
        """Refuse what is not worth keeping or is kept already.

        :raise UserError: with a text for the member
        """
        if not params and not query.section:
            raise UserError(
                self.env._("Choose a section or a filter first, then save it.")
            )
        if len(params) > MAX_PARAMS:
            raise UserError(self.env._("These are too many filters at once to save."))
        same = mine.filtered(
            lambda f: (f.website_id, f.section_key, f.params or "")
            == (website, query.section, params)
        )
        if same:
            raise UserError(
                self.env._("You have saved this already: «%s».", same[0].name)
            )
        if len(mine) >= MAX_FILTERS:
            raise UserError(
                self.env._(
                    "You have %(limit)s saved filters. Delete one that you no longer "
                    "need.",
                    limit=MAX_FILTERS,
                )
            )

    @api.model
    def _b2b_clean_name(self, name, others):
        """A name as it is kept.

        :param others: filters of the same member, which have other names
        :raise UserError: none, too long, or taken
        """
        name = " ".join(str(name or "").replace("\0", " ").split())
        if not name:
            raise UserError(self.env._("Give the filter a name."))
        if len(name) > MAX_NAME:
            raise UserError(
                self.env._("A name has at most %(limit)s characters.", limit=MAX_NAME)
            )
        if name.casefold() in (other.name.casefold() for other in others):
            raise UserError(self.env._("You have a filter «%s» already.", name))
        return name

    def _b2b_update(self, name, shared):
        """Rename the filter (single, sudo), share it or not."""
        self.member_id._b2b_lock()
        others = self.search([("member_id", "=", self.member_id.id)]) - self
        self.write({"name": self._b2b_clean_name(name, others), "shared": shared})

    def _b2b_move(self, step):
        """Move the filter (single, sudo) among its member's: -1 up, 1 down."""
        self.member_id._b2b_lock()
        mine = list(self.search([("member_id", "=", self.member_id.id)]))
        here = mine.index(self)
        there = min(max(here + step, 0), len(mine) - 1)
        mine.insert(there, mine.pop(here))
        for number, saved in enumerate(mine, start=1):
            saved.sequence = 10 * number

    # === READING === #

    def _get_query(self):
        """The state that the filter (single) keeps, read anew."""
        args = MultiDict(parse_qsl(self.params or ""))
        return CatalogueQuery.from_args(args, self.section_key)

    @api.model
    def _b2b_get_listed(self, website):
        """Filters that the visitor may open on a website, own ones first, in sudo.

        Nobody but members has any.
        """
        acting_member = self.env["b2b.member"]._is_member(self.env.user)
        if not acting_member:
            return self.sudo().browse()
        found = self.search_fetch(
            [("website_id", "=", website.id)],
            ["name", "member_id", "shared", "sequence"],
            limit=MAX_LISTED,
        ).sudo()
        uid = self.env.uid
        return found.sorted(lambda f: (f.member_id.user_id.id != uid, f.sequence))


class B2bMember(models.Model):
    _inherit = "b2b.member"

    default_filter_id = fields.Many2one(
        "b2b.saved.filter", "Catalogue opens with", ondelete="set null", copy=False
    )
