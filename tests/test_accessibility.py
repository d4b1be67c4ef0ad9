# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from pathlib import Path

import axe_core_python

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

AXE = Path(axe_core_python.__file__).with_name("axe.min.js")

# Loads each page in a frame of the width of the device, and lets axe look at it.
CHECK = """
(async () => {
    const found = [];
    for (const [url, width] of %(pages)s) {
        const frame = document.createElement("iframe");
        frame.style.cssText = `width:${width}px;height:900px;border:0`;
        document.body.replaceChildren(frame);
        await new Promise((done) => {
            frame.addEventListener("load", done);
            frame.src = url;
        });
        await (%(prepare)s)(frame.contentDocument);
        frame.contentWindow.eval(%(axe)s);
        const result = await frame.contentWindow.axe.run(frame.contentDocument, {
            runOnly: ["wcag2a", "wcag2aa"],
        });
        for (const rule of result.violations) {
            if (["serious", "critical"].includes(rule.impact)) {
                for (const node of rule.nodes) {
                    found.push(`${url} @${width}: ${rule.id}: ${node.html}`);
                }
            }
        }
        if (!result.passes.length) {
            found.push(`${url} @${width}: axe saw nothing`);
        }
    }
    if (found.length) {
        console.error("axe: " + found.join("\\n"));
    } else {
        console.log("test successful");
    }
})();
"""


# Types into the search box, and waits for what drops down.
SUGGEST = """
async (page) => {
    const box = page.querySelector("input[role=combobox]");
    for (let tries = 0; tries < 100; tries++) {
        // the script of the page may not have been there yet
        if (tries %% 20 === 0) {
            box.focus();
            box.value = %s;
            box.dispatchEvent(new Event("input", { bubbles: true }));
        }
        await new Promise((done) => setTimeout(done, 100));
        if (page.querySelector(".o_b2b_suggestions .o_b2b_suggest_qty")) {
            const arrow = { key: "ArrowDown", bubbles: true };
            box.dispatchEvent(new KeyboardEvent("keydown", arrow));
            return;
        }
    }
    throw new Error("There are no suggestions");
}
"""


@tagged("post_install", "-at_install")
class TestAccessibility(HttpCase):
    """No serious violation of WCAG 2 A and AA on pages of members, by axe-core."""

    def _check_pages(self, login, urls, widths=(1366, 390), prepare="() => {}"):
        pages = [(url, width) for url in urls for width in widths]
        values = {
            "pages": json.dumps(pages),
            "axe": json.dumps(AXE.read_text()),
            "prepare": prepare,
        }
        self.browser_js("/my", CHECK % values, login=login, timeout=180)

    def test_buyer(self):
        agreement = self.env.ref("b2b_portal.agreement_north_dealer_demo")
        product = self.env.ref("b2b_portal.product_blt_933_m8x40_zn_demo")
        cart = self.env["sale.order"].create(
            {
                "partner_id": agreement.entity_id.id,
                "company_id": agreement.company_id.id,
                "website_id": self.env.ref("website.default_website").id,
                "b2b_agreement_id": agreement.id,
                "b2b_member_id": self.env.ref("b2b_portal.member_north_buyer_demo").id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.product_variant_id.id,
                            "product_uom_qty": 200,
                        }
                    )
                ],
            }
        )
        urls = ("/my", "/my/carts", f"/my/carts/{cart.id}", "/shop/quick-order")
        urls += (f"/my/carts/{cart.id}/checkout", "/my/documents", "/my/messages")
        urls += ("/shop", "/shop?view=grid", "/shop?view=table", product.website_url)
        urls += ("/my/purchases", "/my/article-numbers", "/my/article-numbers/import")
        number = self.env.ref("b2b_portal.customer_code_north_8_demo")
        urls += (f"/my/article-numbers?edit={number.id}",)
        run = self.env["b2b.cart.import"]._run_text(cart.sudo(), "XYZ-1 10")
        urls += (f"/shop/quick-order/{run.id}",)
        urls += ("/my/agreements", f"/my/agreements/{agreement.id}")
        urls += (
            "/shop/price-list",
            "/shop/pick/nerzhaveyuschiy-krepezh-a2",
            "/my/saved-filters",
        )
        urls += (f"/my/carts/{cart.id}/compare", "/my/price-changes")
        kit = self.env.ref("b2b_portal_mrp.product_kit_m8x40_demo")
        urls += (kit.website_url, "/my/stock-alerts")
        # a matrix of two attributes, one folded by a third, and a list of variants
        for name in ("gloves_master", "boots_bastion", "enamel_pf115"):
            variants = self.env.ref(f"b2b_portal.product_{name}_demo")
            urls += (variants.website_url,)
        self._check_pages("buyer@north.example", urls)

    def test_suggestions(self):
        """The search box with its suggestions open."""
        self.env["b2b.search.build"]._build_now()
        for text in ("болт м8 100 шт", ",jkn"):
            prepare = SUGGEST % json.dumps(text)
            self._check_pages("buyer@north.example", ("/my",), prepare=prepare)

    def test_director(self):
        urls = (
            "/my/members",
            "/my/roles",
            "/my/entities",
            "/my/papers",
            "/my/contracts",
        )
        self._check_pages("director@north.example", urls)

    def test_visitor(self):
        self._check_pages(None, ("/b2b/signup", "/shop/pick/krovelnyy-sezon"))

    def test_the_check_can_fail(self):
        """A page of white on white, without a label, is found out."""
        view = self.env["ir.ui.view"].create(
            {
                "name": "bad",
                "type": "qweb",
                "key": "website.b2b_axe_bad",
                "arch": '<t t-call="website.layout"><input type="text"/></t>',
            }
        )
        self.env["website.page"].create(
            {"url": "/b2b-axe-bad", "is_published": True, "view_id": view.id}
        )
        with self.assertRaisesRegex(AssertionError, "label"):
            self._check_pages(None, ("/b2b-axe-bad",), widths=(1366,))
