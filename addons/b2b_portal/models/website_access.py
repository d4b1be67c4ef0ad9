# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.http import request
from odoo.tools import ormcache

from .b2b_role import STAGE_RANK, STAGES

CONTENTS = ("catalogue", "prices", "stock", "documents", "promotions")
AUDIENCES = [
    ("everyone", "Everyone"),
    ("signed_in", "Signed in"),
    ("members", "Approved members"),
]
# mode -> content -> who sees it; what is not named is for everyone
PRESETS = {
    "open": {},
    "members": {"prices": "members", "stock": "members", "promotions": "members"},
    "closed": dict.fromkeys(CONTENTS, "members"),
}
_CACHE_KEY = "b2b_portal.access"

# Addresses that a closed website leaves open, by their beginning.
OPEN_PATHS = (
    "/web/login",
    "/web/reset_password",
    "/web/signup",
    "/web/session/",
    "/b2b/signup",
    "/b2b/invitation",
    "/my",
    "/portal/",
    "/payment/",
    "/terms",
    "/robots.txt",
    "/sitemap.xml",
    "/favicon.ico",
    "/website/translations",
    "/website/lang/",
    "/website/image",
    "/web/assets/",
    "/web/manifest.webmanifest",
    "/web/service-worker.js",
)
# Addresses that serve nothing without prices: carts, checkout, price lists.
PRICE_PATHS = (
    "/shop/cart",
    "/shop/checkout",
    "/shop/address",
    "/shop/update_address",
    "/shop/extra_info",
    "/shop/payment",
    "/shop/express",
    "/shop/delivery_methods",
    "/shop/set_delivery_method",
    "/shop/get_delivery_rate",
    "/shop/pricelist",
    "/shop/change_pricelist",
    "/website_sale/product_configurator/",
    "/website_sale/combo_configurator/",
    "/sale/product_configurator/",
    "/sale/combo_configurator/",
    "/product/export/pricelist",
    "/product/catalog/",
    "/my/orders/reorder",
    "/gmc.xml",
)
# The header asks for the number of lines, which is 0.
PRICE_PATHS_OPEN = ("/shop/cart/quantity",)


def _begins(path, prefixes):
    """Whether a path is one of ``prefixes`` or below it."""
    return any(
        path == prefix or path.startswith(prefix.rstrip("/") + "/")
        for prefix in prefixes
    )


class Website(models.Model):
    _name = "website"
    _inherit = ["website"]

    b2b_access_mode = fields.Selection(
        [
            ("open", "Open"),
            ("members", "Prices and terms for approved members"),
            ("closed", "Closed"),
            ("custom", "As set below"),
        ],
        "Access to the catalogue",
        default="open",
        required=True,
        help="Closed: a visitor sees sign-in, registration, invitations and pages "
        "marked as public, nothing else.",
    )
    b2b_show_catalogue = fields.Selection(
        AUDIENCES, "Catalogue is for", default="everyone", required=True
    )
    b2b_show_prices = fields.Selection(
        AUDIENCES, "Prices are for", default="everyone", required=True
    )
    b2b_show_stock = fields.Selection(
        AUDIENCES, "Stock is for", default="everyone", required=True
    )
    b2b_show_documents = fields.Selection(
        AUDIENCES, "Product documents are for", default="everyone", required=True
    )
    b2b_show_promotions = fields.Selection(
        AUDIENCES, "Discounts are for", default="everyone", required=True
    )
    b2b_approved_stage = fields.Selection(
        STAGES,
        "Approved from stage",
        default="verified",
        required=True,
        help="Members below this stage see what other signed-in visitors see.",
    )

    # === MODE AND MATRIX === #

    @api.model
    def _b2b_get_preset(self, mode):
        """The matrix that a mode stands for: dict field name -> audience.

        :return: None for the mode 'custom'
        """
        if mode not in PRESETS:
            return None
        return {
            f"b2b_show_{content}": PRESETS[mode].get(content, "everyone")
            for content in CONTENTS
        }

    @api.model
    def _b2b_get_mode(self, matrix):
        """The mode whose matrix this is, else 'custom'."""
        for mode in PRESETS:
            if self._b2b_get_preset(mode) == matrix:
                return mode
        return "custom"

    @api.model_create_multi
    def create(self, vals_list):
        websites = super().create(
            [vals | self._b2b_get_preset_of(vals) for vals in vals_list]
        )
        websites._b2b_sync_mode()
        self.env.registry.clear_cache()
        return websites

    def write(self, vals):
        result = super().write(vals | self._b2b_get_preset_of(vals))
        if any(name.startswith("b2b_") for name in vals):
            self._b2b_sync_mode()
            self.env.registry.clear_cache()
            self._b2b_forget_published()
            self._b2b_forget_visible()
        return result

    @api.model
    def _b2b_get_preset_of(self, vals):
        return self._b2b_get_preset(vals.get("b2b_access_mode")) or {}

    def _b2b_sync_mode(self):  # pylint: disable=missing-return
        """Name the mode after the matrix (batch)."""
        for website in self:
            matrix = {name: website[name] for name in self._b2b_get_preset("open")}
            mode = self._b2b_get_mode(matrix)
            if website.b2b_access_mode != mode:
                super(Website, website).write({"b2b_access_mode": mode})

    def _b2b_forget_published(self):
        """Drop what core keeps ready made for guests: sitemaps and feeds (batch)."""
        attachments = self.env["ir.attachment"].sudo()
        feeds = self.env["product.feed"].sudo()
        for website in self:
            attachments |= attachments.search(
                [
                    ("type", "=", "binary"),
                    ("url", "=like", f"/sitemap-{website.id}-%.xml"),
                ]
            )
        attachments.unlink()
        feeds.search([("website_id", "in", self.ids)]).action_invalidate_cache()

    @api.model
    def _b2b_forget_visible(self):
        """Drop what this transaction knows: a matrix or a membership changes."""
        self.env.cr.cache.pop(_CACHE_KEY, None)

    # === THE DECISION === #

    @api.model
    def _b2b_get_visited(self):
        """The website that the current request is for, whatever its context says.

        RPC callers choose their context; they do not choose their website by it.
        """
        if request and hasattr(request, "website"):
            return request.website
        return self.with_context(website_id=False).get_current_website()

    def _b2b_may_see(self, content):
        """Whether the visitor may see a kind of content on this website.

        The one place that decides; pages, routes, fields, rules and feeds ask it.
        Staff see everything.

        :param str content: 'catalogue', 'prices', 'stock', 'documents' or
            'promotions'
        """
        return content in self._b2b_get_visible()

    def _b2b_sees_all(self):
        """Whether nothing of the matrix is kept from the visitor."""
        return len(self._b2b_get_visible()) == len(CONTENTS)

    def _b2b_get_visible(self):
        """What the visitor may see here, worked out once per transaction.

        :return: frozenset of contents
        """
        website = (self or self._b2b_get_visited()).sudo()
        cache = self.env.cr.cache.setdefault(_CACHE_KEY, {})
        key = (website.id, self.env.uid)
        if key not in cache:
            audiences = website._b2b_get_audiences(self.env.user)
            cache[key] = frozenset(
                content
                for content in CONTENTS
                if website[f"b2b_show_{content}"] in audiences
            )
        return cache[key]

    def _b2b_get_audiences(self, user):
        """Audiences of this website (single, sudo) that a user belongs to."""
        if user._is_internal():
            return {"everyone", "signed_in", "members"}
        audiences = {"everyone"}
        if not user._is_public():
            audiences.add("signed_in")
            if self._b2b_is_approved(user):
                audiences.add("members")
        return audiences

    def _b2b_is_approved(self, user):
        """Whether a portal user is a member that has reached the website's stage."""
        rank = STAGE_RANK[self.b2b_approved_stage]
        members = self.env["b2b.member"]._get_memberships(user)
        return any(
            member.account_id.active and STAGE_RANK[member.stage] >= rank
            for member in members
        )

    @api.model
    @ormcache()
    def _b2b_has_closed(self):
        """Whether any website keeps something from its visitors."""
        domain = [("b2b_access_mode", "!=", "open")]
        return bool(self.sudo().search_count(domain, limit=1))

    # === PAGES AND CARTS === #

    @api.model
    def _b2b_get_open_paths(self):
        """Addresses that a closed website leaves open; a hook for addons.

        :return: tuple of paths; what is below a path is open with it
        """
        return OPEN_PATHS

    @api.model
    def _b2b_get_price_paths(self):
        """Addresses that make no sense without prices; a hook for addons."""
        return PRICE_PATHS

    def _b2b_get_refusal(self, paths):
        """What keeps the visitor from an address.

        :param list paths: the request's address and the routes it matches
        :return: 'closed', 'prices' or None
        """
        if (
            not self._b2b_may_see("prices")
            and any(_begins(p, self._b2b_get_price_paths()) for p in paths)
            and not any(_begins(p, PRICE_PATHS_OPEN) for p in paths)
        ):
            return "prices"
        if self._b2b_may_see("catalogue"):
            return None
        if any(_begins(p, ("/shop",)) for p in paths):
            return "closed"
        if (
            self.sudo().b2b_access_mode != "closed"
            or any(_begins(p, self._b2b_get_open_paths()) for p in paths)
            or self._b2b_is_public_page(paths[0])
        ):
            return None
        return "closed"

    def _b2b_is_public_page(self, path):
        """Whether the seller marked the page at ``path`` as open for everyone."""
        pages = self.env["website.page"].sudo()
        return bool(
            pages.search_count(
                [
                    ("url", "=", path),
                    ("b2b_public", "=", True),
                    ("website_id", "in", (False, self.id)),
                ],
                limit=1,
            )
        )

    def has_ecommerce_access(self):
        return super().has_ecommerce_access() and self._b2b_may_see("catalogue")

    def is_view_active(self, key):
        """Offer no filter by price where there are no prices to see."""
        if key == "website_sale.filter_products_price" and not self._b2b_may_see(
            "prices"
        ):
            return False
        return super().is_view_active(key)

    def _b2b_get_sort_mapping(self):
        """Core's orders of the catalogue without those that tell prices."""
        mapping = self._get_product_sort_mapping()
        if self._b2b_may_see("prices"):
            return mapping
        return [pair for pair in mapping if "price" not in pair[0]]

    def get_pricelist_available(self, show_visible=False):
        if not self._b2b_may_see("prices"):
            return self.env["product.pricelist"]
        return super().get_pricelist_available(show_visible=show_visible)

    def _get_and_cache_current_cart(self):
        """No cart for those who may not see what is in it."""
        if not self._b2b_may_see("prices"):
            return self.env["sale.order"].sudo()
        return super()._get_and_cache_current_cart()

    def _create_cart(self):
        if not self._b2b_may_see("prices"):
            raise AccessError(
                self.env._("Prices and orders are for approved customers: sign in.")
            )
        return super()._create_cart()
