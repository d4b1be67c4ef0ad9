# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.http import request

from ..tools.catalogue_query import CatalogueQuery
from ..tools.slug import MAX_SLUG, is_slug, make_slug

PRESET_PATH = "/shop/pick"
MAX_NAME = 200


class B2bCataloguePreset(models.Model):
    """A landing page: goods that staff have filtered, with an address and texts.

    It shows the catalogue itself; a visitor may narrow it further and leave it.
    """

    _name = "b2b.catalogue.preset"
    _description = "Landing Page of the Catalogue"
    _inherit = ["website.seo.metadata"]
    _order = "sequence, id"

    name = fields.Char("Title", required=True, translate=True)
    slug = fields.Char(
        "Address ends with",
        required=True,
        copy=False,
        help="Small Latin letters, digits and dashes. The old address of a page leads "
        "to the new one.",
    )
    website_id = fields.Many2one(
        "website",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env["website"].get_current_website(),
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    is_published = fields.Boolean("Published", copy=False)
    valid_from = fields.Date()
    valid_until = fields.Date(help="The last day. After it the page says it has ended.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("scheduled", "Scheduled"),
            ("shown", "On the website"),
            ("expired", "Ended"),
        ],
        compute="_compute_state",
        search="_search_state",
    )
    intro = fields.Html("Text above the goods", translate=True)
    outro = fields.Html("Text below the goods", translate=True)
    image = fields.Image(max_width=1024, max_height=1024)
    # === THE FILTER === #
    section_id = fields.Many2one(
        "product.public.category",
        ondelete="restrict",
        index="btree_not_null",
        help="The goods are of this section. None: of the whole catalogue.",
    )
    params = fields.Text("Filters", default="", copy=True)
    address = fields.Char(
        "Address in the catalogue",
        compute="_compute_address",
        inverse="_inverse_address",
        help="Filter the goods on the website as you want them, then paste the address "
        "of that page here.",
    )
    words = fields.Text("Which goods", compute="_compute_words")
    goods_count = fields.Integer("Goods", compute="_compute_words")
    # === WHERE IT IS SHOWN === #
    on_front = fields.Boolean("On the first page of the catalogue")
    place_ids = fields.Many2many(
        "product.public.category",
        "b2b_catalogue_preset_place_rel",
        "preset_id",
        "section_id",
        "In sections",
        help="These sections show a link to the page above their goods.",
    )

    _slug_unique = models.Constraint(
        "UNIQUE(website_id, slug)", "Another page has this address already."
    )

    # === CHECKS === #

    @api.constrains("name")
    def _check_name(self):
        for preset in self:
            if len(preset.name) > MAX_NAME:
                raise ValidationError(
                    self.env._(
                        "A title has at most %(limit)s characters.", limit=MAX_NAME
                    )
                )

    @api.constrains("slug")
    def _check_slug(self):
        for preset in self:
            if not is_slug(preset.slug or ""):
                raise ValidationError(
                    self.env._(
                        "An address has 1 to %(limit)s small Latin letters, digits and "
                        "single dashes.",
                        limit=MAX_SLUG,
                    )
                )

    @api.constrains("valid_from", "valid_until")
    def _check_dates(self):
        for preset in self.filtered(lambda p: p.valid_from and p.valid_until):
            if preset.valid_from > preset.valid_until:
                raise ValidationError(
                    self.env._("The page ends before it begins: look at the dates.")
                )

    @api.constrains("params", "section_id", "is_published")
    def _check_filter(self):
        for preset in self.filtered("is_published"):
            query = preset._get_query()
            if not query.section and not query.is_filtered and not query.search:
                raise ValidationError(
                    self.env._(
                        "«%(name)s» has neither a section nor a filter: it would be "
                        "the whole catalogue. Paste an address of the catalogue first.",
                        name=preset.name,
                    )
                )

    # === FILTER === #

    def _get_query(self):
        """The goods of the page (single).

        :return: ``CatalogueQuery``, read anew: whatever is kept may be old
        """
        args = MultiDict(parse_qsl(self.params or ""))
        return CatalogueQuery.from_args(args, self.section_id._origin.id or 0)

    @api.depends("params", "section_id")
    def _compute_address(self):
        website = self.env["website"]
        for preset in self:
            query = preset._get_query()
            path = website._b2b_get_section_path(preset.section_id._origin.sudo())
            is_set = query.section or query.get_params()
            preset.address = query.get_url(path) if is_set else False

    def _inverse_address(self):
        for preset in self:
            preset._set_address(preset.address)

    @api.onchange("address")
    def _onchange_address(self):
        """Show at once which goods a pasted address means."""
        if self.address:
            self._set_address(self.address)

    def _set_address(self, address):
        """Take over the filters of an address.

        :raise ValidationError: it is none of this website's catalogue
        """
        self.ensure_one()
        query = self._read_address(address) if address else CatalogueQuery()
        if query is None:
            raise ValidationError(
                self.env._(
                    "This is no address of the catalogue of %(website)s. It begins "
                    "with /shop.",
                    website=self.website_id.name,
                )
            )
        self.section_id = query.section
        self.params = urlencode(query.get_params())

    def _read_address(self, address):
        """The query of an address of the catalogue.

        :return: ``CatalogueQuery``; None: it is none, or of a section that is gone
        """
        website = self.website_id or self.env["website"].get_current_website()
        found = website._b2b_read_catalogue_address(address)
        if found and found.section:
            sections = self.env["product.public.category"].sudo()
            if not sections.browse(found.section).exists():
                return None
        return found

    @api.depends("params", "section_id", "website_id")
    @api.depends_context("lang", "uid")
    def _compute_words(self):
        provider = self.env["b2b.catalogue"]
        queries = {preset: preset._get_query() for preset in self}
        names = provider._get_names(queries.values())
        for preset, query in queries.items():
            lines = []
            for word in provider._describe(query, names):
                values = list(word.values)
                if word.gone:
                    values.append(self.env._("%s no longer exist", word.gone))
                text = ", ".join(values)
                lines.append(f"{word.label}: {text}" if text else word.label)
            preset.words = "\n".join(lines)
            preset.goods_count = preset._count_goods(query)

    def _count_goods(self, query):
        """Published goods of the page (single) on its website."""
        website = self.website_id._origin
        website = website.with_context(website_id=website.id)
        domain = Domain(website.sale_product_domain())
        domain &= Domain("is_published", "=", True)
        conditions = self.env["b2b.catalogue"]._get_conditions(query, None)
        domain &= Domain.AND(conditions.values())
        return self.env["product.template"].search_count(domain)

    # === STATE === #

    @api.depends("is_published", "valid_from", "valid_until")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for preset in self:
            preset.state = (
                "draft"
                if not preset.is_published or not preset.active
                else "scheduled"
                if preset.valid_from and preset.valid_from > today
                else "expired"
                if preset.valid_until and preset.valid_until < today
                else "shown"
            )

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        published = Domain("is_published", "=", True)
        scheduled = published & Domain("valid_from", ">", today)
        expired = published & Domain("valid_until", "<", today) & ~scheduled
        states = {
            "draft": ~published,
            "scheduled": scheduled,
            "expired": expired,
            "shown": published & ~scheduled & ~expired,
        }
        return Domain.OR(states[state] for state in value if state in states)

    @api.model
    def _get_shown_domain(self, website):
        """Pages that a website shows today."""
        today = fields.Date.context_today(self)
        return (
            Domain("website_id", "=", website.id)
            & Domain("is_published", "=", True)
            & (Domain("valid_from", "=", False) | Domain("valid_from", "<=", today))
            & (Domain("valid_until", "=", False) | Domain("valid_until", ">=", today))
        )

    def _filter_shown(self, website):
        """Those of these pages (batch) that a website shows today."""
        return self.filtered(lambda p: p.website_id == website and p.state == "shown")

    # === ADDRESS OF THE PAGE === #

    def _get_path(self):
        """The address of the page (single) on its website, without the host."""
        return f"{PRESET_PATH}/{self.slug}"

    @api.model
    def _find(self, slug, website):
        """The page with an address, in sudo, whatever its state; may be empty."""
        presets = self.sudo()
        if not is_slug(slug):
            return presets
        return presets.search([("slug", "=", slug), ("website_id", "=", website.id)])

    @api.model
    def _get_free_slug(self, name, website):
        """An address for a name that no page of a website has yet."""
        slug = make_slug(name)[: MAX_SLUG - 6].strip("-") or "page"
        taken = (
            self.sudo()
            .with_context(active_test=False)
            .search_fetch(
                [("slug", "=like", f"{slug}%"), ("website_id", "=", website.id)],
                ["slug"],
            )
        )
        taken = set(taken.mapped("slug"))
        free = [slug, *(f"{slug}-{number}" for number in range(2, len(taken) + 3))]
        return next(slug for slug in free if slug not in taken)

    @api.onchange("name")
    def _onchange_name(self):
        if self.name and not self.slug:
            self.slug = self._get_free_slug(self.name, self.website_id)

    @api.model_create_multi
    def create(self, vals_list):
        websites = self.env["website"]
        for vals in vals_list:
            if not vals.get("slug"):
                website = websites.browse(vals.get("website_id") or [])
                vals["slug"] = self._get_free_slug(
                    vals.get("name"), website or websites.get_current_website()
                )
        presets = super().create(vals_list)
        presets._drop_redirects()
        return presets

    def write(self, vals):
        old = {preset: preset._get_path() for preset in self} if "slug" in vals else {}
        result = super().write(vals)
        for preset, path in old.items():
            preset._redirect_from(path)
        return result

    def unlink(self):
        self._get_redirects([preset._get_path() for preset in self], "url_to").unlink()
        return super().unlink()

    def _get_redirects(self, paths, field_name):
        """Redirections of the websites of these pages (batch) by an address.

        In sudo: only designers of websites may see them, whoever keeps the pages may
        not be one.
        """
        return (
            self.env["website.rewrite"]
            .sudo()
            .search(
                [(field_name, "in", paths), ("website_id", "in", self.website_id.ids)]
            )
        )

    def _drop_redirects(self):
        """A page takes over its address from one that had it before (batch)."""
        self._get_redirects(
            [preset._get_path() for preset in self], "url_from"
        ).unlink()

    def _redirect_from(self, path):
        """Lead an old address of the page (single), and older ones, to the new one."""
        here = self._get_path()
        if path == here:
            return
        self._drop_redirects()
        self._get_redirects([path], "url_to").url_to = here
        self.env["website.rewrite"].sudo().create(
            {
                "name": self.name,
                "url_from": path,
                "url_to": here,
                "redirect_type": "301",
                "website_id": self.website_id.id,
            }
        )

    def copy_data(self, default=None):
        return [
            vals | {"name": self.env._("%s (copy)", preset.name)[:MAX_NAME]}
            for preset, vals in zip(self, super().copy_data(default), strict=True)
        ]

    # === FOR PEOPLE === #

    def action_open_website(self):
        """The page (single) on its website; drafts are shown to staff."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"{self.website_id.domain or ''}{self._get_path()}",
            "target": "new",
        }

    def _default_website_meta(self):
        """The picture and the text of the page for those who share its address."""
        meta = super()._default_website_meta()
        if self.image and self.state == "shown":
            picture = request.website.image_url(self, "image")
            meta["default_opengraph"]["og:image"] = picture
            meta["default_twitter"]["twitter:image"] = picture
        return meta
