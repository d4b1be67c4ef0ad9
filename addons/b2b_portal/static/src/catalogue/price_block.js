import { patch } from "@web/core/utils/patch";
import { WebsiteSale } from "@website_sale/interactions/website_sale";

/** Prices side by side follow the variant, the unit and the quantity. */
patch(WebsiteSale.prototype, {
    _onChangeCombination(ev, parent, combination) {
        super._onChangeCombination(...arguments);
        const block = parent.querySelector(".o_b2b_price_block");
        if (block && combination.b2b_price_block) {
            const page = new DOMParser().parseFromString(
                combination.b2b_price_block,
                "text/html"
            );
            block.replaceWith(page.querySelector(".o_b2b_price_block"));
        }
    },
});
