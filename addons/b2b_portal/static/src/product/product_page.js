import { Interaction } from "@web/public/interaction";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";

const parse = (html) => new DOMParser().parseFromString(html, "text/html");

/**
 * The members' page of a product: every quantity on it goes into one cart, and the
 * prices follow the quantity of the product itself.
 */
export class ProductPage extends Interaction {
    static selector = ".o_b2b_product";
    dynamicContent = {
        ".o_b2b_product_qty": {
            "t-on-keydown": this.onKeydown,
            "t-on-input": (ev) => this.say(ev.target.closest(".o_b2b_order_row"), "", ""),
            "t-on-focus": (ev) => ev.target.select(),
        },
        ".o_b2b_add": {
            "t-on-click.prevent": (ev) => this.add(ev.target.closest(".o_b2b_order_row")),
        },
        ".o_b2b_add_filled": { "t-on-click.prevent": this.addFilled },
        ".o_b2b_less": { "t-on-click": (ev) => this.step(ev.target, -1) },
        ".o_b2b_more": { "t-on-click": (ev) => this.step(ev.target, 1) },
        ".o_b2b_product_order .o_b2b_product_qty": {
            "t-on-input": this.debounced(this.showPrice, 250),
        },
        ".o_b2b_product_order .o_b2b_product_unit": { "t-on-change": this.showPrice },
    };

    start() {
        this.showPrice();
    }

    input(row) {
        return row.querySelector(".o_b2b_product_qty");
    }

    unit(row) {
        return parseInt(row.querySelector(".o_b2b_product_unit")?.value) || 0;
    }

    // --- prices ---

    async showPrice() {
        const row = this.el.querySelector(".o_b2b_product_order .o_b2b_order_row");
        if (!row) {
            return;
        }
        const asked = (this.asked = {
            product_id: parseInt(row.dataset.productId),
            quantity: this.input(row).value,
            uom_id: this.unit(row),
        });
        let result;
        try {
            result = await this.waitFor(rpc("/shop/product/price", asked, { silent: true }));
        } catch {
            return; // the prices of the page stay
        }
        if (asked !== this.asked) {
            return; // typed on meanwhile
        }
        const block = parse(result.block).querySelector(".o_b2b_price_block");
        this.el.querySelector(".o_b2b_product_offer .o_b2b_price_block")?.replaceWith(block);
        row.querySelector(".o_b2b_order_sum").textContent = result.sum;
    }

    // --- keyboard ---

    onKeydown(ev) {
        const inputs = [
            ...ev.target.closest("form").querySelectorAll(".o_b2b_product_qty"),
        ];
        const index = inputs.indexOf(ev.target);
        if (ev.key === "Enter" && !ev.isComposing) {
            ev.preventDefault();
            this.add(ev.target.closest(".o_b2b_order_row"));
            inputs[index + 1]?.focus();
        } else if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            ev.preventDefault();
            inputs[index + (ev.key === "ArrowDown" ? 1 : -1)]?.focus();
        }
    }

    step(button, sign) {
        const row = button.closest(".o_b2b_order_row");
        const input = this.input(row);
        const now = parseFloat(input.value.replace(/\s/g, "").replace(",", ".")) || 0;
        const unit = row.querySelector(".o_b2b_product_unit");
        const by = unit && unit.selectedIndex > 0 ? 1 : parseFloat(input.dataset.step);
        const next = Math.max(now + sign * by, 0);
        input.value = next ? String(next) : "";
        input.dispatchEvent(new Event("input", { bubbles: true }));
    }

    // --- the cart ---

    say(row, text, outcome) {
        row.querySelector(".o_b2b_row_message").textContent = text;
        row.classList.remove("o_b2b_saved", "o_b2b_changed", "o_b2b_rejected");
        this.input(row)?.setAttribute("aria-invalid", String(outcome === "rejected"));
        const name = { added: "saved", changed: "changed", rejected: "rejected" }[outcome];
        if (name) {
            this.waitForAnimationFrame(() => row.classList.add(`o_b2b_${name}`));
        }
    }

    /** One after another: the first one opens the cart that the next ones fill. */
    add(row) {
        const adding = () => this.send(row);
        this.queue = (this.queue || Promise.resolve()).then(adding, adding);
        return this.queue;
    }

    addFilled(ev) {
        for (const row of ev.target.closest("form").querySelectorAll(".o_b2b_order_row")) {
            if (this.input(row)?.value.trim()) {
                this.add(row);
            }
        }
    }

    async send(row) {
        const quantity = this.input(row).value.trim();
        if (!quantity) {
            this.input(row).focus();
            return;
        }
        this.say(row, _t("Saving…"), "");
        let result;
        try {
            result = await this.waitFor(
                rpc("/shop/table/add_row", {
                    product_id: parseInt(row.dataset.productId),
                    quantity,
                    uom_id: this.unit(row),
                    cart_id: parseInt(this.el.dataset.cartId),
                    agreement_id: parseInt(this.el.dataset.agreementId),
                })
            );
        } catch (error) {
            this.say(row, error.data?.message || _t("No connection. Try again."), "rejected");
            return;
        }
        this.say(row, result.text, result.outcome);
        if (result.outcome !== "rejected" && row.matches("tr")) {
            this.input(row).value = "";
        }
        if (result.cart_id) {
            this.showCart(row, result);
        }
    }

    showCart(row, result) {
        this.el.dataset.cartId = result.cart_id;
        for (const input of this.el.querySelectorAll("input[name=cart_id]")) {
            input.value = result.cart_id;
        }
        const cart = document.querySelector(".o_b2b_bar .o_b2b_carts");
        cart?.replaceWith(parse(result.cart).querySelector(".o_b2b_carts"));
        const place = row.querySelector(".o_b2b_in_cart");
        if (place) {
            const icon = document.createElement("i");
            icon.className = "fa fa-shopping-cart";
            icon.setAttribute("aria-hidden", "true");
            place.replaceChildren(...(result.in_cart ? [icon, ` ${result.in_cart}`] : []));
        }
    }
}

registry.category("public.interactions").add("b2b_portal.product_page", ProductPage);
