import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { Interaction } from "@web/public/interaction";

const DELAY = 150;
const LEAST = 2;
const ROW = ".o_b2b_suggestion";
const QUANTITY = ".o_b2b_suggest_qty";
// areas whose goods are completed by a second answer
const GOODS = ["catalogue", "card"];
const LINES_KEY = "b2b_quick_order_lines";

/**
 * The search box of members: a combobox with a grid of suggestions.
 *
 * The focus stays in the box while the arrows walk over the rows; Tab leads into the
 * quantity of the row, Escape back.
 */
export class Suggest extends Interaction {
    static selector = ".o_b2b_search";
    dynamicContent = {
        _root: {
            "t-on-focusout": this.onFocusout,
            "t-on-keydown": this.onKeydown,
            "t-on-submit": this.onSubmit,
        },
        "input[name=search]": {
            "t-on-input": this.onInput,
            "t-on-focus": this.onFocus,
            "t-on-paste": this.onPaste,
        },
        "select[name=area]": { "t-on-change": this.onArea },
        ".o_b2b_suggestions": {
            "t-on-click": this.onClick,
            "t-on-mousedown": this.onMousedown,
        },
    };

    setup() {
        this.input = this.el.querySelector("input[name=search]");
        this.popup = this.el.querySelector(".o_b2b_suggestions");
        this.status = this.el.querySelector(".o_b2b_search_status");
        this.areas = this.el.querySelector("select[name=area]");
        this.ask = this.debounced(this.suggest, DELAY);
        this.active = null;
        this.shown = null;
    }

    destroy() {
        this.request?.abort();
    }

    // --- asking ---

    get area() {
        return this.areas?.value || "catalogue";
    }

    get key() {
        return `${this.area} ${this.input.value}`;
    }

    /** At once what the text may mean, then the figures of the goods. */
    async suggest() {
        this.request?.abort();
        if (this.input.value.trim().length < LEAST) {
            this.close();
            return;
        }
        if (GOODS.includes(this.area) && !(await this.load("1"))) {
            return;
        }
        await this.load("");
    }

    /** Returns whether the answer is shown, and may be completed. */
    async load(brief) {
        const key = this.key;
        const text = this.input.value;
        const request = (this.request = new AbortController());
        let answer;
        try {
            const params = new URLSearchParams({ text, area: this.area, brief });
            const response = await this.waitFor(
                fetch(`/shop/suggest?${params}`, { signal: request.signal })
            );
            answer = response.ok ? await this.waitFor(response.json()) : null;
        } catch {
            // overtaken by a newer question, or no connection: the form works as ever
            return false;
        }
        // what was typed since then has been asked for, or the list was left
        if (!answer || request !== this.request || key !== this.key || this.left) {
            return false;
        }
        this.show(answer, key);
        return Boolean(answer.count);
    }

    show({ html, status }, key) {
        const parsed = new DOMParser().parseFromString(html, "text/html");
        // the same rows, now with their figures: the chosen one stays chosen
        const chosen = this.shown === key && this.active?.id;
        this.popup.replaceChildren(...parsed.body.childNodes);
        this.shown = key;
        this.activate(chosen ? document.getElementById(chosen) : null);
        this.status.textContent = status;
        this.open();
    }

    open() {
        const header = this.el.getBoundingClientRect().bottom;
        this.popup.style.setProperty("--o-b2b-below", `${Math.max(header, 0)}px`);
        this.popup.hidden = !this.popup.firstElementChild;
        const grid = this.popup.querySelector("[role=grid]");
        this.input.setAttribute("aria-expanded", String(Boolean(grid)));
    }

    close() {
        this.popup.hidden = true;
        this.status.textContent = "";
        this.activate(null);
        this.input.setAttribute("aria-expanded", "false");
    }

    // --- the box ---

    onInput() {
        this.left = false;
        this.activate(null);
        this.ask();
    }

    onFocus() {
        this.left = false;
        if (this.popup.hidden && this.input.value.trim().length >= LEAST && this.shown) {
            if (this.shown === this.key) {
                this.open();
            } else {
                this.ask();
            }
        }
    }

    onArea() {
        const { hint } = this.areas.selectedOptions[0].dataset;
        this.input.placeholder = hint;
        this.close();
        this.shown = null;
        this.ask();
    }

    onFocusout(ev) {
        if (!this.el.contains(ev.relatedTarget)) {
            this.left = true;
            this.close();
        }
    }

    onSubmit() {
        this.left = true;
        this.request?.abort();
    }

    /** Several lines are no search: they are an order. */
    onPaste(ev) {
        const text = ev.clipboardData?.getData("text/plain") || "";
        const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim());
        if (lines.length < 2 || !this.el.dataset.quickOrder) {
            return;
        }
        try {
            sessionStorage.setItem(LINES_KEY, lines.join("\n"));
        } catch {
            // no room for them: the first line is searched for
            return;
        }
        ev.preventDefault();
        browserGo("/shop/quick-order");
    }

    // --- keys ---

    get rows() {
        return this.popup.hidden ? [] : [...this.popup.querySelectorAll(ROW)];
    }

    onKeydown(ev) {
        if (ev.target === this.areas || ev.isComposing) {
            return;
        }
        if (ev.key === "Escape" && !this.popup.hidden) {
            ev.preventDefault();
            this.request?.abort();
            this.input.focus();
            this.close();
        } else if (ev.target === this.input) {
            this.onBoxKey(ev);
        } else if (this.popup.contains(ev.target)) {
            this.onRowKey(ev);
        }
    }

    onBoxKey(ev) {
        if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            ev.preventDefault();
            if (this.rows.length) {
                this.walk(ev.key === "ArrowDown" ? 1 : -1);
            } else {
                this.suggest();
            }
        } else if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            const row = this.active || this.popup.querySelector(`${ROW}[data-product-id]`);
            if (!this.popup.hidden && row?.querySelector(QUANTITY)) {
                ev.preventDefault();
                this.add(row);
            }
        } else if (ev.key === "Enter" && this.active) {
            ev.preventDefault();
            this.active.querySelector("a").click();
        } else if (ev.key === "Tab" && !ev.shiftKey && this.active) {
            const quantity = this.active.querySelector(QUANTITY);
            if (quantity) {
                ev.preventDefault();
                quantity.focus();
                quantity.select();
            }
        }
    }

    onRowKey(ev) {
        const row = ev.target.closest(ROW);
        if (ev.target.matches(QUANTITY) && ev.key === "Enter") {
            ev.preventDefault();
            this.add(row);
        } else if (
            ev.target.matches(QUANTITY) &&
            (ev.key === "ArrowDown" || ev.key === "ArrowUp")
        ) {
            ev.preventDefault();
            const boxes = [...this.popup.querySelectorAll(QUANTITY)];
            const next = boxes.indexOf(ev.target) + (ev.key === "ArrowDown" ? 1 : -1);
            if (boxes[next]) {
                boxes[next].focus();
                boxes[next].select();
            } else if (next < 0) {
                this.input.focus();
            }
        } else if (ev.key === "Tab" && ev.shiftKey && ev.target.matches(QUANTITY)) {
            ev.preventDefault();
            this.input.focus();
            this.activate(row);
        } else if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            this.add(row);
        }
    }

    /** From the box to the first or the last row, and back into the box at the end. */
    walk(step) {
        const rows = this.rows;
        const now = this.active ? rows.indexOf(this.active) : step > 0 ? -1 : rows.length;
        this.activate(rows[now + step] || null);
    }

    activate(row) {
        this.active?.setAttribute("aria-selected", "false");
        this.active?.classList.remove("active");
        this.active = row;
        if (row) {
            row.setAttribute("aria-selected", "true");
            row.classList.add("active");
            row.scrollIntoView({ block: "nearest" });
            this.input.setAttribute("aria-activedescendant", row.id);
        } else {
            this.input.removeAttribute("aria-activedescendant");
        }
    }

    // --- the pointer ---

    /** The box keeps the focus unless a field of a row takes it. */
    onMousedown(ev) {
        if (!ev.target.closest("input, select, button, a")) {
            ev.preventDefault();
        }
    }

    onClick(ev) {
        const button = ev.target.closest(".o_b2b_suggest_add");
        if (button) {
            this.add(button.closest(ROW));
        }
    }

    // --- the cart ---

    /** One wish after another: the first one opens the cart that the next ones fill. */
    add(row) {
        const adding = () => this.send(row);
        this.queue = (this.queue || Promise.resolve()).then(adding, adding);
        return this.queue;
    }

    async send(row) {
        const input = row?.querySelector(QUANTITY);
        const grid = row?.closest("[role=grid]");
        if (!input || !grid) {
            return;
        }
        const unit = row.querySelector("select.o_b2b_suggest_unit");
        let answer;
        try {
            answer = await this.waitFor(
                rpc("/shop/table/add_row", {
                    product_id: parseInt(row.dataset.productId),
                    // nothing typed means one, which the rules of the goods round up
                    quantity: input.value.trim() || "1",
                    cart_id: parseInt(grid.dataset.cartId) || 0,
                    agreement_id: parseInt(grid.dataset.agreementId),
                    uom_id: parseInt(unit?.value) || 0,
                })
            );
        } catch (error) {
            const text = error.data?.message || _t("No connection. Try again.");
            answer = { outcome: "rejected", text };
        }
        const { outcome, text, cart_id, cart } = answer;
        const message = row.querySelector(".o_b2b_suggest_message");
        message.textContent = text;
        message.classList.toggle("text-danger", outcome === "rejected");
        message.classList.toggle("text-success", outcome === "added");
        input.setAttribute("aria-invalid", String(outcome === "rejected"));
        if (cart_id) {
            input.value = "";
            grid.dataset.cartId = cart_id;
            const parsed = new DOMParser().parseFromString(cart, "text/html");
            const shown = document.querySelector(".o_b2b_bar .o_b2b_carts");
            shown?.replaceWith(parsed.querySelector(".o_b2b_carts"));
        }
    }
}

function browserGo(url) {
    window.location.assign(url);
}

/** Lines that were pasted into the search box wait on the page of the quick order. */
export class PastedLines extends Interaction {
    static selector = ".o_b2b_quick_order textarea[name=text]";

    start() {
        const lines = sessionStorage.getItem(LINES_KEY);
        sessionStorage.removeItem(LINES_KEY);
        if (lines && !this.el.value) {
            this.el.value = lines;
            this.el.focus();
        }
    }
}

registry.category("public.interactions").add("b2b_search.suggest", Suggest);
registry.category("public.interactions").add("b2b_search.pasted_lines", PastedLines);
