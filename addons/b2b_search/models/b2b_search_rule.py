# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff want a query to show, beside what its words find."""

from urllib.parse import parse_qs, urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import is_html_empty, ormcache
from odoo.tools.misc import limited_field_access_token

from ..tools.merchandising import Rule, read_terms


class B2bSearchRule(models.Model):
    """For queries that meet the condition: goods pinned, boosted, buried or hidden,
    a banner over the list, or another page in place of it.

    Nothing of it goes around rights: a visitor sees only goods of the assortment.
    """

    _name = "b2b.search.rule"
    _description = "Search Rule"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(
        default=10, help="Pinned goods of the first rule stand first."
    )
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("archived", "Archived")],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
    )
    # === CONDITION === #
    match = fields.Selection(
        [
            ("equals", "Is one of these texts"),
            ("contains", "Contains all words of one of these texts"),
            ("any", "Is anything"),
        ],
        "The query",
        default="equals",
        required=True,
        tracking=True,
    )
    texts = fields.Text(
        tracking=True,
        help="One per line. Case, endings, the order of the words and a wrong keyboard "
        "layout do not matter.",
    )
    website_id = fields.Many2one(
        "website", ondelete="cascade", help="Left empty: on all websites."
    )
    segment_ids = fields.Many2many(
        "b2b.segment", string="Segments", help="None: for everybody."
    )
    date_start = fields.Date("Valid from", tracking=True)
    date_end = fields.Date("Valid until", tracking=True, help="The last day.")
    # === WHAT IS SHOWN === #
    action_ids = fields.One2many(
        "b2b.search.rule.action", "rule_id", "Goods", copy=True
    )
    banner = fields.Html("Text of the banner", translate=True)
    banner_image = fields.Image("Image of the banner", max_width=1600, max_height=600)
    banner_url = fields.Char(
        "Link of the banner", help="An address of this website (/…) or https://…"
    )
    redirect = fields.Char(
        "Show this page instead",
        tracking=True,
        help="An address of this website, as /shop/category/…",
    )
    note = fields.Text("Reason", help="For colleagues: why the rule exists.")

    # === CHECKS === #

    @api.constrains("match", "texts", "redirect")
    def _check_texts(self):
        for rule in self:
            if rule.match != "any" and not rule._read_texts():
                raise ValidationError(
                    self.env._("Say which queries “%s” is for.", rule.name)
                )
            if rule.match == "any" and rule.redirect:
                raise ValidationError(
                    self.env._("Nobody could search if every query led elsewhere.")
                )

    @api.constrains("redirect", "banner_url")
    def _check_addresses(self):
        for rule in self:
            address = rule.redirect
            if address and not self._is_local(address):
                raise ValidationError(
                    self.env._("Another page is one of this website: it begins with /.")
                )
            if address and "search" in parse_qs(urlsplit(address).query):
                raise ValidationError(
                    self.env._(
                        "A search that leads to a search could go in a circle. Add a "
                        "synonym instead."
                    )
                )
            link = rule.banner_url
            if link and not self._is_local(link) and not link.startswith("https://"):
                raise ValidationError(
                    self.env._("A link begins with / or with https://.")
                )

    @api.model
    def _is_local(self, address):
        """Whether an address stays on this website, however browsers read it."""
        return (
            address.startswith("/")
            and not address.startswith("//")
            and "\\" not in address
            and address.isprintable()
            and " " not in address
        )

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for rule in self.filtered(lambda r: r.date_start and r.date_end):
            if rule.date_start > rule.date_end:
                raise ValidationError(
                    self.env._("The rule ends before it begins: look at the dates.")
                )

    # === STATES === #

    def action_publish(self):
        """Make rules (batch) hold."""
        for rule in self:
            if not (
                rule.action_ids
                or rule.redirect
                or rule.banner_image
                or not rule._is_banner_empty()
            ):
                raise ValidationError(
                    self.env._(
                        "“%s” does nothing yet: add goods, a banner or a page.",
                        rule.name,
                    )
                )
        self.state = "published"

    def action_draft(self):
        """Take rules (batch) back."""
        self.state = "draft"

    def action_archive_rule(self):
        """Put rules (batch) away."""
        self.state = "archived"

    def action_try(self):
        """Open the dry run of the rule (single) over recent queries."""
        self.ensure_one()
        trial = self.env["b2b.search.trial"].create({"rule_id": self.id})
        return trial._open()

    def _is_banner_empty(self):
        return is_html_empty(self.banner) and "<img" not in (self.banner or "")

    # === IN A SEARCH === #

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    @ormcache()
    def _get_rules(self):
        """All published rules in order: a tuple of :class:`Rule`."""
        rules = self.sudo().search([("state", "=", "published")])
        return tuple(rule._get_value() for rule in rules)

    def _get_value(self):
        """The rule (single) as a plain :class:`Rule`."""
        return Rule(
            id=self.id,
            match=self.match,
            texts=self._read_texts() if self.match != "any" else (),
            website=self.website_id.id or 0,
            segments=frozenset(self.segment_ids.ids),
            start=self.date_start or None,
            end=self.date_end or None,
            actions=tuple(action._get_value() for action in self.action_ids),
            redirect=self.redirect or "",
            has_banner=bool(self.banner_image) or not self._is_banner_empty(),
        )

    def _read_texts(self):
        terms = map(read_terms, (self.texts or "").splitlines())
        return tuple(found for found in terms if found)

    def _get_banners(self):
        """Banners of rules (batch, sudo): dicts of html, image (address), url."""
        banners = []
        for rule in self:
            image = None
            if rule.banner_image:
                # the rule itself is no customer's business
                token = limited_field_access_token(rule, "banner_image", scope="binary")
                image = (
                    f"/web/image/b2b.search.rule/{rule.id}/banner_image"
                    f"?access_token={token}"
                )
            html = None if rule._is_banner_empty() else rule.banner
            banners.append({"html": html, "image": image, "url": rule.banner_url})
        return banners

    @api.model
    def _get_recent_queries(self, limit):
        """Texts that were searched for of late, each once, the newest first."""
        rows = self.env["b2b.search.log"]._read_group(
            [("area", "=", "catalogue"), ("query", "!=", False)],
            ["query"],
            ["day:max"],
            order="day:max desc, query",
            limit=limit,
        )
        return [query for query, _day in rows]

    @api.model
    def _make_redirect(self, query, url, website):
        """Publish a rule that shows a page in place of what a query finds.

        :param str url: of this website
        :return: the rule
        """
        return self.create(
            {
                "name": query,
                "match": "equals",
                "texts": query,
                "redirect": url,
                "website_id": website.id,
                "state": "published",
            }
        )


class B2bSearchSynonym(models.Model):
    _inherit = "b2b.search.synonym"

    @api.model
    @ormcache()
    def _get_expected(self):
        """Words of rules, too: maybe slips, which are corrected all the same."""
        rules = self.env["b2b.search.rule"]._get_rules()
        words = {term for rule in rules for terms in rule.texts for term in terms}
        return super()._get_expected() | words
