import { markup } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { setElementContent } from "@web/core/utils/html";
import { WebsiteSale } from "@website_sale/interactions/website_sale";

/** The prices by unit on a product's page are those of the variant that is chosen. */
patch(WebsiteSale.prototype, {
    _onChangeCombination(ev, parent, combination) {
        super._onChangeCombination(...arguments);
        const place = parent.querySelector(".o_b2b_product_units");
        if (place && "b2b_units" in combination) {
            setElementContent(place, markup(combination.b2b_units));
        }
    },
});
