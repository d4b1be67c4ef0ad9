import { Interaction } from "@web/public/interaction";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";

const STORE = "b2b_portal.quantities";

/**
 * The members' table of goods: quantities by keyboard.
 *
 * Enter adds a row and goes on, arrows move, a pasted column fills downwards. What is
 * typed and not added yet survives a reload, another page and the client mode.
 */
export class PriceTable extends Interaction {
    static selector = ".o_b2b_price_table";
    dynamicContent = {
        ".o_b2b_row_qty": {
            "t-on-keydown": this.onKeydown,
            "t-on-paste": this.onPaste,
            "t-on-input": this.onInput,
            "t-on-focus": (ev) => ev.target.select(),
        },
        ".o_b2b_add_row": {
            "t-on-click.prevent": (ev) => this.addRow(ev.target.closest("[data-product-id]")),
        },
        ".o_b2b_minus": { "t-on-click": (ev) => this.step(ev.target, -1) },
        ".o_b2b_plus": { "t-on-click": (ev) => this.step(ev.target, 1) },
        _root: { "t-on-submit": this.onSubmit },
    };

    start() {
        const typed = this.readTyped();
        for (const input of this.inputs) {
            input.value = input.value || typed[input.name] || "";
        }
        this.showFilled();
    }

    get inputs() {
        return [...this.el.querySelectorAll(".o_b2b_row_qty")];
    }

    // --- what is typed ---

    get storeKey() {
        return `${STORE}.${this.el.dataset.agreementId}`;
    }

    readTyped() {
        try {
            return JSON.parse(sessionStorage.getItem(this.storeKey)) || {};
        } catch {
            return {};
        }
    }

    keepTyped(inputs) {
        const typed = this.readTyped();
        for (const input of inputs) {
            if (input.value.trim()) {
                typed[input.name] = input.value;
            } else {
                delete typed[input.name];
            }
        }
        this.storeTyped(typed);
        this.showFilled();
    }

    storeTyped(typed) {
        try {
            sessionStorage.setItem(this.storeKey, JSON.stringify(typed));
        } catch {
            // a browser without storage forgets what is typed, nothing worse
        }
    }

    showFilled() {
        const status = this.el.querySelector(".o_b2b_filled");
        const count = this.inputs.filter((input) => input.value.trim()).length;
        if (status) {
            status.textContent = count ? _t("Rows filled: %s", count) : "";
        }
    }

    onInput(ev) {
        this.keepTyped([ev.target]);
        this.say(ev.target.closest("[data-product-id]"), "", "");
    }

    onSubmit() {
        const typed = this.readTyped();
        for (const input of this.inputs) {
            delete typed[input.name];
        }
        this.storeTyped(typed);
    }

    // --- keyboard ---

    move(input, by) {
        const inputs = this.inputs;
        const next = inputs[inputs.indexOf(input) + by];
        next?.focus();
        return next;
    }

    onKeydown(ev) {
        const input = ev.target;
        if (ev.key === "Enter" && !ev.isComposing) {
            ev.preventDefault();
            if (input.value.trim()) {
                this.addRow(input.closest("[data-product-id]"));
            }
            this.move(input, 1);
        } else if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            ev.preventDefault();
            this.move(input, ev.key === "ArrowDown" ? 1 : -1);
        }
    }

    onPaste(ev) {
        const text = ev.clipboardData.getData("text/plain").replace(/\r\n?|\n$/g, "\n");
        const lines = text.replace(/\n+$/, "").split("\n");
        if (lines.length < 2) {
            return;
        }
        ev.preventDefault();
        const inputs = this.inputs;
        const from = inputs.indexOf(ev.target);
        const filled = inputs.slice(from, from + lines.length);
        filled.forEach((input, i) => {
            input.value = lines[i].split("\t")[0].trim();
        });
        this.keepTyped(filled);
        filled.at(-1).focus();
        const left = lines.length - filled.length;
        if (left > 0) {
            this.say(
                filled.at(-1).closest("[data-product-id]"),
                _t("The page has too few rows: %s pasted rows are left over.", left),
                "rejected"
            );
        }
    }

    /** Plus and minus, for fingers. */
    step(button, sign) {
        const input = button.closest("[data-product-id]").querySelector(".o_b2b_row_qty");
        const now = parseFloat(input.value.replace(/\s/g, "").replace(",", ".")) || 0;
        const unit = button.closest("[data-product-id]").querySelector(".o_b2b_row_unit");
        const by = unit && unit.selectedIndex > 0 ? 1 : parseFloat(input.dataset.step);
        const next = Math.max(now + sign * by, 0);
        input.value = next ? String(next) : "";
        this.keepTyped([input]);
    }

    // --- the cart ---

    say(row, text, outcome) {
        const message = row.querySelector(".o_b2b_row_message");
        message.textContent = text;
        row.classList.remove("o_b2b_saved", "o_b2b_changed", "o_b2b_rejected");
        row.querySelector(".o_b2b_row_qty")?.setAttribute(
            "aria-invalid",
            String(outcome === "rejected")
        );
        const name = { added: "saved", changed: "changed", rejected: "rejected" }[outcome];
        if (name) {
            // the next frame, so that a second flash begins anew
            this.waitForAnimationFrame(() => row.classList.add(`o_b2b_${name}`));
        }
    }

    /** Rows one after another: the first one opens the cart that the next ones fill. */
    addRow(row) {
        const adding = () => this.sendRow(row);
        this.queue = (this.queue || Promise.resolve()).then(adding, adding);
        return this.queue;
    }

    async sendRow(row) {
        const input = row.querySelector(".o_b2b_row_qty");
        const quantity = input.value.trim();
        if (!quantity) {
            return;
        }
        this.say(row, _t("Saving…"), "");
        let result;
        try {
            result = await this.waitFor(
                rpc("/shop/table/add_row", {
                    product_id: parseInt(row.dataset.productId),
                    quantity,
                    uom_id: parseInt(row.querySelector(".o_b2b_row_unit")?.value) || 0,
                    cart_id: parseInt(this.el.dataset.cartId),
                    agreement_id: parseInt(this.el.dataset.agreementId),
                })
            );
        } catch (error) {
            const text = error.data?.message || _t("No connection. Try again.");
            this.say(row, text, "rejected");
            return;
        }
        this.say(row, result.text, result.outcome);
        if (result.outcome !== "rejected") {
            input.value = "";
            this.keepTyped([input]);
        }
        if (result.cart_id) {
            this.el.dataset.cartId = result.cart_id;
            this.el.querySelector("input[name=cart_id]").value = result.cart_id;
            this.showCart(row, result);
        }
    }

    showCart(row, result) {
        const parse = (html) => new DOMParser().parseFromString(html, "text/html");
        const cart = document.querySelector(".o_b2b_bar .o_b2b_carts");
        cart?.replaceWith(parse(result.cart).querySelector(".o_b2b_carts"));
        const place = row.querySelector(".o_b2b_in_cart");
        const icon = document.createElement("i");
        icon.className = "fa fa-shopping-cart";
        icon.setAttribute("aria-hidden", "true");
        place.replaceChildren(...(result.in_cart ? [icon, ` ${result.in_cart}`] : []));
    }
}

registry.category("public.interactions").add("b2b_portal.price_table", PriceTable);
