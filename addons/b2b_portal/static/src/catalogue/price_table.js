import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { QUANTITY, QuantityKeys } from "./table_keys";
import { QuantityStore } from "./table_store";
import { formatAmount, getSum, parseQuantity } from "./table_sums";

/**
 * Table, list and tiles of goods: quantities by keyboard, their sums, the way to a cart.
 *
 * All events are heard at the root: a page may have 200 rows, and rows may come later.
 */
export class PriceTable extends QuantityKeys {
    static selector = ".o_b2b_price_table";
    dynamicContent = {
        _root: {
            "t-on-keydown": this.onKeydown,
            "t-on-paste": this.onPaste,
            "t-on-input": this.onInput,
            "t-on-change": this.onChange,
            "t-on-focusin": this.onFocus,
            "t-on-click": this.onClick,
            "t-on-submit": this.onSubmit,
        },
    };

    setup() {
        const { agreementId, rounding, decimals, symbol } = this.el.dataset;
        this.currency = {
            rounding: parseFloat(rounding),
            decimals: parseInt(decimals),
            symbol,
        };
        this.store = new QuantityStore(agreementId);
    }

    start() {
        const choice = this.cartChoice;
        if (!choice) {
            return;
        }
        const kept = this.store.cartId;
        if (kept !== undefined && choice.querySelector(`option[value="${kept}"]`)) {
            choice.value = kept;
        }
        this.cartId = choice.value;
        this.showHolds();
        this.fill();
    }

    // --- the page ---

    get cartChoice() {
        return this.el.querySelector("select[name=cart_id]");
    }

    getUnit(row) {
        return row.querySelector(".o_b2b_row_unit")?.value || 0;
    }

    getPrices(row) {
        // read once a row, and only of rows that are filled
        row.b2bPrices ??= JSON.parse(row.dataset.prices || "null") || {};
        return row.b2bPrices;
    }

    /** Quantities that were typed before come back into their rows. */
    fill() {
        const kept = this.store.getRows(this.cartId);
        for (const input of this.inputs) {
            const row = this.getRow(input);
            const known = kept[row.dataset.productId];
            if (known && !input.value) {
                input.value = known.quantity;
                const unit = row.querySelector(".o_b2b_row_unit");
                if (unit?.querySelector(`option[value="${known.unit}"]`)) {
                    unit.value = known.unit;
                }
            }
            if (input.value) {
                this.judge(row, input);
            }
        }
        this.keep(this.inputs.filter((input) => input.value.trim()));
    }

    // --- what is typed ---

    /** Take rows as they stand into the store, their sums onto the page. */
    keep(inputs) {
        const rows = this.store.getRows(this.cartId);
        for (const input of inputs) {
            const row = this.getRow(input);
            const text = input.value.trim();
            const sum = this.showSum(row, text);
            if (text) {
                rows[row.dataset.productId] = {
                    quantity: text,
                    unit: this.getUnit(row),
                    sum,
                };
            } else {
                delete rows[row.dataset.productId];
            }
        }
        this.store.setRows(this.cartId, rows);
        this.showFilled(rows);
    }

    showSum(row, text) {
        const quantity = parseQuantity(text);
        const prices = this.getPrices(row);
        const unit = this.getUnit(row) || Object.keys(prices)[0];
        const sum =
            quantity === null
                ? null
                : getSum(prices, unit, quantity, this.currency.rounding);
        const cell = row.querySelector(".o_b2b_cell_sum");
        if (cell) {
            cell.textContent =
                sum === null ? "" : formatAmount(sum, this.currency.decimals);
        }
        return sum;
    }

    showFilled(rows = this.store.getRows(this.cartId)) {
        const status = this.el.querySelector(".o_b2b_filled");
        if (!status) {
            return;
        }
        const ids = Object.keys(rows);
        // one walk over the page, however many rows are filled
        const names = new Set(this.inputs.map((input) => input.name));
        const here = ids.filter((id) => names.has(`qty_${id}`)).length;
        const sum = ids.reduce((total, id) => total + (rows[id].sum || 0), 0);
        const texts = [];
        if (ids.length) {
            texts.push(_t("Rows filled: %s", here));
        }
        if (ids.length > here) {
            texts.push(_t("+%s on other pages", ids.length - here));
        }
        const total = document.createElement("b");
        if (sum) {
            const amount = formatAmount(sum, this.currency.decimals);
            total.textContent = ` ${amount} ${this.currency.symbol}`;
        }
        status.replaceChildren(texts.join(" "), total);
    }

    findRow(productId) {
        const id = CSS.escape(productId);
        const row = this.el.querySelector(`[data-product-id="${id}"]`);
        return row?.querySelector(QUANTITY) ? row : null;
    }

    /** Mark a row whose text is no quantity; what was typed stays. */
    judge(row, input) {
        const text = input.value.trim();
        if (text && parseQuantity(text) === null) {
            this.say(row, _t("This is no quantity: %s", text), "rejected");
        } else {
            this.say(row, "", "");
        }
    }

    onInput(ev) {
        if (ev.target.matches(QUANTITY)) {
            const row = this.getRow(ev.target);
            if (row.querySelector(".o_b2b_row_message").textContent) {
                this.say(row, "", "");
            }
            this.keep([ev.target]);
        }
    }

    onChange(ev) {
        const { target } = ev;
        if (target.matches(QUANTITY)) {
            this.judge(this.getRow(target), target);
        } else if (target.matches(".o_b2b_row_unit")) {
            this.keep([this.getRow(target).querySelector(QUANTITY)]);
        } else if (target === this.cartChoice) {
            this.chooseCart(target.value);
        }
    }

    onClick(ev) {
        const button = ev.target.closest("button");
        if (button?.matches(".o_b2b_add_row")) {
            ev.preventDefault();
            this.add([this.getRow(button).dataset.productId]);
        } else if (button?.matches(".o_b2b_minus, .o_b2b_plus")) {
            this.step(button, button.matches(".o_b2b_plus") ? 1 : -1);
        }
    }

    /** Plus and minus, for fingers. */
    step(button, sign) {
        const row = this.getRow(button);
        const input = row.querySelector(QUANTITY);
        const now = parseQuantity(input.value) || 0;
        const unit = row.querySelector(".o_b2b_row_unit");
        const own = !unit || unit.selectedIndex === 0;
        const by = own ? parseFloat(input.dataset.step) || 1 : 1;
        const next = Math.max(now + sign * by, 0);
        input.value = next ? String(next) : "";
        this.say(row, "", "");
        this.keep([input]);
    }

    // --- the cart ---

    chooseCart(cartId) {
        this.store.move(this.cartId, cartId);
        this.store.cartId = cartId;
        this.cartId = cartId;
        this.showHolds();
        this.fill();
    }

    showHolds() {
        const holds = this.el.querySelector(".o_b2b_cart_holds");
        holds.textContent = this.cartChoice.selectedOptions[0]?.dataset.text || "";
    }

    say(row, text, outcome) {
        const message = row.querySelector(".o_b2b_row_message");
        message.textContent = text;
        row.classList.remove("o_b2b_saved", "o_b2b_changed", "o_b2b_rejected");
        row.querySelector(QUANTITY)?.setAttribute(
            "aria-invalid",
            String(outcome === "rejected")
        );
        const name = { added: "saved", changed: "changed", rejected: "rejected" }[outcome];
        if (name) {
            // the next frame, so that a second flash begins anew
            this.waitForAnimationFrame(() => row.classList.add(`o_b2b_${name}`));
        }
    }

    tell(text, kind) {
        const place = this.el.querySelector(".o_b2b_bar_messages");
        place.className = "o_b2b_bar_messages small";
        if (kind) {
            place.classList.add("alert", "alert-" + kind, "py-1", "px-2", "mb-2");
        }
        place.textContent = text;
    }

    onSubmit(ev) {
        if (this.cartChoice) {
            ev.preventDefault();
            this.addAll();
        }
    }

    addAll() {
        return this.add(Object.keys(this.store.getRows(this.cartId)));
    }

    /** One wish after another: the first one opens the cart that the next ones fill. */
    add(ids) {
        const adding = () => this.send(ids);
        this.queue = (this.queue || Promise.resolve()).then(adding, adding);
        return this.queue;
    }

    async send(ids) {
        const cartId = this.cartId;
        const kept = this.store.getRows(cartId);
        const rows = ids
            .filter((id) => kept[id])
            .map((id) => ({
                product_id: parseInt(id),
                quantity: kept[id].quantity,
                uom_id: parseInt(kept[id].unit) || 0,
            }));
        if (!rows.length) {
            this.tell(_t("Enter a quantity in at least one row."), "warning");
            return;
        }
        this.tell(_t("Saving…"), "light");
        let answer;
        try {
            answer = await this.waitFor(
                rpc("/shop/table/add_all", {
                    rows,
                    cart_id: parseInt(cartId) || 0,
                    agreement_id: parseInt(this.el.dataset.agreementId),
                })
            );
        } catch (error) {
            this.tell(error.data?.message || _t("No connection. Try again."), "danger");
            return;
        }
        this.showAnswer(answer, cartId, kept);
    }

    /** What went into the cart leaves its field; what did not stays, with the reason. */
    showAnswer(answer, cartId, sent) {
        this.tell(answer.text, answer.kind);
        const rows = this.store.getRows(cartId);
        for (const [id, { outcome, text, in_cart }] of Object.entries(answer.rows)) {
            const row = this.findRow(id);
            const taken = outcome !== "rejected" && rows[id]?.quantity === sent[id]?.quantity;
            if (taken) {
                delete rows[id];
            }
            if (row) {
                if (taken) {
                    row.querySelector(QUANTITY).value = "";
                    this.showSum(row, "");
                }
                this.say(row, text, outcome);
                this.showInCart(row, in_cart);
            }
        }
        this.store.setRows(cartId, rows);
        if (answer.cart_id) {
            this.showCart(answer);
        }
        this.showFilled();
    }

    showCart(answer) {
        const choice = this.cartChoice;
        let option = choice.querySelector(`option[value="${answer.cart_id}"]`);
        if (!option) {
            option = new Option(answer.cart_name, answer.cart_id);
            choice.prepend(option);
        }
        option.dataset.text = answer.cart_text;
        const id = String(answer.cart_id);
        this.store.move(this.cartId, id);
        this.store.cartId = id;
        choice.value = this.cartId = id;
        this.showHolds();
        const parsed = new DOMParser().parseFromString(answer.cart, "text/html");
        const cart = document.querySelector(".o_b2b_bar .o_b2b_carts");
        cart?.replaceWith(parsed.querySelector(".o_b2b_carts"));
    }

    showInCart(row, text) {
        const place = row.querySelector(".o_b2b_in_cart");
        const icon = document.createElement("i");
        icon.className = "fa fa-shopping-cart";
        icon.setAttribute("aria-hidden", "true");
        place.replaceChildren(...(text ? [icon, ` ${text}`] : []));
    }
}

registry.category("public.interactions").add("b2b_portal.price_table", PriceTable);
