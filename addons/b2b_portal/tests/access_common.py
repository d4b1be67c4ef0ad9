# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import re
from base64 import b64encode
from collections import deque
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import html

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from .common import B2bMixin

_SEPARATORS = re.compile(
    r"&(?:nbsp|thinsp|#160|#8239|#xa0);|\\u00a0|\\u202f|[\s.,'\u00a0\u202f\u2009]",
    re.IGNORECASE,
)
_NO_CRAWL = ("/web/session", "/web/login", "/web/assets", "/odoo", "/website/lang")


def squeeze(text):
    """A text without what stands between the digits of a number."""
    return _SEPARATORS.sub("", text)


class AccessCase(B2bMixin, HttpCase):
    """A product whose every price is a number found nowhere else, and a crawler."""

    PRICES = {
        "list": 7391.47,
        "strike": 9182.63,
        "extra": 815.29,
        "with extra": 8206.76,
        "agreement": 6283.19,
        "cost": 5174.38,
    }
    STOCK = 46173.0
    WORDS = ("secretonut", "secret-7391")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website.b2b_access_mode = "open"
        cls._activate_everything()
        cls._create_secret()
        cls.env.flush_all()

    @classmethod
    def _activate_everything(cls):
        """Switch on every option of core that shows a price."""
        groups = ("group_product_price_comparison", "group_show_uom_price")
        cls.env.ref("base.group_user").implied_ids = [
            Command.link(cls.env.ref(f"website_sale.{name}").id) for name in groups
        ] + [Command.link(cls.env.ref("product.group_product_variant").id)]
        views = cls.env["ir.ui.view"].with_context(active_test=False)
        views.search(
            [
                ("key", "=like", "website_sale%"),
                (
                    "key",
                    "in",
                    [
                        f"website_sale.{n}"
                        for n in (
                            "filter_products_price",
                            "sort",
                            "search",
                            "suggested_products_list",
                            "product_comment",
                            "alternative_products",
                            "product_picture_magnify_hover",
                        )
                    ],
                ),
            ]
        ).active = True
        cls.website.enabled_gmc_src = True

    @classmethod
    def _create_secret(cls):
        attribute = cls.env["product.attribute"].create(
            {
                "name": "Coating",
                "create_variant": "always",
                "value_ids": [
                    Command.create({"name": "plain"}),
                    Command.create(
                        {"name": "gold", "default_extra_price": cls.PRICES["extra"]}
                    ),
                ],
            }
        )
        category = cls.env["product.public.category"].create({"name": "Secrets"})
        cls.secret = cls._create_product(
            "SECRET-7391-P",
            cls.PRICES["list"],
            name="Secretonut",
            compare_list_price=cls.PRICES["strike"],
            description_sale="Ask for it.",
            show_availability=True,
            allow_out_of_stock_order=False,
            available_threshold=10**6,
            public_categ_ids=[Command.set(category.ids)],
            alternative_product_ids=[Command.set(cls.nut.product_tmpl_id.ids)],
            optional_product_ids=[Command.set(cls.nut.product_tmpl_id.ids)],
            attribute_line_ids=[
                Command.create(
                    {
                        "attribute_id": attribute.id,
                        "value_ids": [Command.set(attribute.value_ids.ids)],
                    }
                )
            ],
            website_sequence=-100,
        ).product_tmpl_id
        cls.variants = cls.secret.product_variant_ids
        for number, variant in enumerate(cls.variants):
            variant.default_code = f"SECRET-7391-{number}"
            variant.standard_price = cls.PRICES["cost"]
        cls.nut.product_tmpl_id.alternative_product_ids = cls.secret
        cls.nut.product_tmpl_id.optional_product_ids = cls.secret
        cls.nut.product_tmpl_id.accessory_product_ids = cls.variants[0]
        location = (
            cls.env["stock.warehouse"]
            .search([("company_id", "=", cls.company.id)], limit=1)
            .lot_stock_id
        )
        for variant in cls.variants:
            cls.env["stock.quant"]._update_available_quantity(
                variant, location, cls.STOCK
            )
        cls.price_type.item_ids = [
            Command.create(
                {
                    "applied_on": "1_product",
                    "product_tmpl_id": cls.secret.id,
                    "compute_price": "fixed",
                    "fixed_price": cls.PRICES["agreement"],
                }
            )
        ]
        cls.document = cls.env["product.document"].create(
            {
                "name": "sheet.txt",
                "res_model": "product.template",
                "res_id": cls.secret.id,
                "shown_on_product_page": True,
                "datas": b64encode(b"Secretonut data sheet"),
            }
        )
        cls.secret.image_1920 = cls.env.ref("base.main_company").logo
        cls.feed = cls.env["product.feed"].create(
            {"name": "Feed", "website_id": cls.website.id}
        )
        snippets = cls.env["website.snippet.filter"].search([])
        cls.snippets = snippets.filtered(lambda s: s.model_name == "product.product")

    # === TRAFFIC === #

    def _sign_in(self, user):
        self.authenticate(*(2 * [user.login] if user else (None, None)))
        # else core leads to the browser's language first
        self.opener.cookies["frontend_lang"] = self.website.default_lang_id.code

    def _call(self, url, params):
        """The raw answer of a JSON route."""
        return self.url_open(
            url,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )

    def _rpc(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._call(f"/web/dataset/call_kw/{model}/{method}", params)

    def _crawl(self, starts, limit=120):
        """Follow the links from some pages: address -> text, the first found first.

        Of addresses that differ in their query only, ten are taken.
        """
        seen, kinds, pages = set(starts), {}, {}
        queue = deque(starts)
        while queue and len(pages) < limit:
            url = queue.popleft()
            response = self.url_open(url)
            self.assertLess(response.status_code, 500, url)
            pages[url] = response.text
            if "text/html" not in response.headers.get("Content-Type", ""):
                continue
            for link in html.fromstring(response.text or "<p/>").xpath("//a/@href"):
                target = urldefrag(urljoin(response.url, link))[0]
                parts = urlsplit(target)
                if parts.netloc != urlsplit(
                    response.url
                ).netloc or parts.path.startswith(_NO_CRAWL):
                    continue
                path = parts.path + ("?" + parts.query if parts.query else "")
                kinds[parts.path] = kinds.get(parts.path, 0) + (path not in seen)
                if path not in seen and kinds[parts.path] <= 10:
                    seen.add(path)
                    queue.append(path)
        return pages

    def _get_page_urls(self):
        """Pages that no link may lead to."""
        template, variant = self.secret, self.variants[1]
        reports = self.env["ir.actions.report"].search(
            [("model", "in", ("product.template", "product.product"))]
        )
        return [
            "/",
            "/shop",
            f"/shop/{template.id}",
            f"/shop/{template.id}#attribute_values=1",
            f"/shop/product/{template.id}",
            f"/shop/category/{template.public_categ_ids.id}",
            "/shop?search=cretonu",
            "/shop?order=list_price+asc",
            "/shop?min_price=7000&max_price=7500",
            "/shop/cart",
            "/shop/checkout",
            "/shop/payment",
            "/shop/confirmation",
            "/shop/wishlist",
            f"/shop/compare?products={','.join(map(str, self.variants.ids))}",
            f"/gmc.xml?feed_id={self.feed.id}&access_token={self.feed.access_token}",
            "/sitemap.xml",
            "/robots.txt",
            "/website/search?search=cretonu",
            "/product/export/pricelist/?export_format=csv&report_data="
            + json.dumps(
                {
                    "active_model": "product.template",
                    "active_ids": template.ids,
                    "quantities": [1],
                }
            ),
            f"/shop/{template.id}/document/{self.document.id}",
            f"/web/content/{self.document.ir_attachment_id.id}",
            f"/web/image/product.template/{template.id}/image_128",
            f"/web/content/product.template/{template.id}/name",
            f"/web/content/product.template/{template.id}/list_price",
            *(
                f"/report/html/{report.report_name}/"
                f"{(variant if report.model == variant._name else template).id}"
                for report in reports
            ),
        ]

    def _get_json_calls(self):
        """(address, params) of the JSON routes of the shop."""
        template, variant = self.secret, self.variants[1]
        ptav = variant.product_template_attribute_value_ids
        product = {"product_template_id": template.id, "product_id": variant.id}
        configure = product | {
            "ptav_ids": ptav.ids,
            "quantity": 1,
            "currency_id": self.company.currency_id.id,
            "pricelist_id": self.price_type.id,
            "so_date": "2030-01-01T00:00:00",
        }
        calls = [
            *(
                (
                    "/website_sale/get_combination_info",
                    product | {"product_id": each.id, "combination": [], "add_qty": 1},
                )
                for each in self.variants
            ),
            ("/shop/cart/add", product | {"quantity": 1}),
            ("/shop/cart/quick_add", product | {"quantity": 1}),
            (
                "/shop/cart/update",
                {"line_id": 1, "quantity": 1, "product_id": variant.id},
            ),
            ("/shop/wishlist/add", {"product_id": variant.id}),
            ("/shop/compare/get_product_data", {"product_ids": self.variants.ids}),
            ("/shop/products/recently_viewed_update", {"product_id": variant.id}),
            ("/shop/product/is_add_to_cart_allowed", {"product_id": variant.id}),
            (
                "/website/snippet/autocomplete",
                {
                    "search_type": "products",
                    "term": "cretonu",
                    "order": "list_price asc",
                    "limit": 5,
                    "max_nb_chars": 50,
                    "options": {
                        "displayImage": True,
                        "displayDescription": True,
                        "displayExtraLink": True,
                        "displayDetail": True,
                        "min_price": 7000,
                    },
                },
            ),
        ]
        for prefix in ("/sale", "/website_sale"):
            calls += [
                (f"{prefix}/product_configurator/{name}", configure)
                for name in (
                    "get_values",
                    "update_combination",
                    "get_optional_products",
                )
            ]
        for snippet in self.snippets:
            calls.append(
                (
                    "/website/snippet/filters",
                    {
                        "filter_id": snippet.id,
                        "template_key": "website_sale."
                        "dynamic_filter_template_product_product_products_item",
                        "limit": 16,
                        "search_domain": [["product_tmpl_id", "=", template.id]],
                        "with_sample": False,
                        "product_template_id": self.nut.product_tmpl_id.id,
                    },
                )
            )
        return calls

    def _read_everything(self, user):
        """What a portal user can read of every field, one by one.

        The prices by RPC, the rest without the detour.
        """
        values = self.variants.product_template_attribute_value_ids
        for records in (
            self.secret,
            self.variants,
            values,
            values.product_attribute_value_id,
        ):
            for name in records._fields:
                where = f"{records._name}.{name}"
                if "price" in name:
                    yield (
                        where,
                        self._rpc(records._name, "read", records.ids, [name]).text,
                    )
                    continue
                try:
                    with mute_logger("odoo.models", "odoo.addons.base.models.ir_rule"):
                        yield where, str(records.with_user(user).read([name]))
                except (AccessError, ValueError):
                    continue
