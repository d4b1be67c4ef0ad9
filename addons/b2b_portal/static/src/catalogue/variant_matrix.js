import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { PriceTable } from "./price_table";
import { QUANTITY } from "./table_keys";
import { formatAmount, parseQuantity } from "./table_sums";

const PART = { "X-B2b-Part": "variants" };
const ARROWS = {
    ArrowDown: [0, 1],
    ArrowUp: [0, -1],
    ArrowRight: [1, 0],
    ArrowLeft: [-1, 0],
};

function isPlainClick(ev) {
    return !(ev.ctrlKey || ev.metaKey || ev.shiftKey || ev.altKey || ev.button);
}

/**
 * Variants in the table: opened in place, typed into a matrix.
 *
 * A cell is a row of the table to everything that adds to the cart; only moving about,
 * pasting and totals know of two dimensions.
 */
patch(PriceTable.prototype, {
    start() {
        super.start();
        for (const part of this.el.querySelectorAll(".o_b2b_variants")) {
            this.showUnits(part);
        }
        this.showTotals();
    },

    onClick(ev) {
        const link = ev.target.closest(".o_b2b_variants_open, .o_b2b_variants_go");
        if (!link) {
            super.onClick(ev);
        } else if (isPlainClick(ev)) {
            ev.preventDefault();
            if (link.matches(".o_b2b_variants_open")) {
                this.openVariants(link);
            } else {
                this.changeVariants(link);
            }
        }
    },

    onChange(ev) {
        super.onChange(ev);
        if (ev.target.matches(".o_b2b_matrix_unit select")) {
            this.changeUnit(ev.target);
        }
    },

    // --- opening ---

    async openVariants(link) {
        const head = link.closest("tr, article");
        let holder = head.nextElementSibling;
        if (!holder?.matches(".o_b2b_variants_row")) {
            if (link.getAttribute("aria-busy") === "true") {
                return;
            }
            link.setAttribute("aria-busy", "true");
            const part = await this.fetchVariants(link.dataset.templateId, "");
            link.removeAttribute("aria-busy");
            if (!part) {
                window.location.assign(link.href);
                return;
            }
            holder = this.makeHolder(head);
            (holder.querySelector("td") || holder).append(part);
            head.after(holder);
            this.showPart(part);
        } else {
            holder.classList.toggle("d-none");
            this.showFilled();
        }
        const open = !holder.classList.contains("d-none");
        link.setAttribute("aria-expanded", String(open));
        link.querySelector(".fa").className = "fa fa-angle-" + (open ? "up" : "down");
        if (open) {
            holder.querySelector(QUANTITY)?.focus({ preventScroll: true });
        }
    },

    makeHolder(head) {
        const isRow = head.matches("tr");
        const holder = document.createElement(isRow ? "tr" : "div");
        holder.className = "o_b2b_variants_row";
        if (isRow) {
            const cell = document.createElement("td");
            cell.colSpan = [...head.cells].reduce((sum, { colSpan }) => sum + colSpan, 0);
            holder.append(cell);
        }
        return holder;
    },

    /** The part of a page with a product's variants; null where there is none. */
    async fetchVariants(templateId, search) {
        try {
            const url = "/shop/variants/" + templateId + search;
            const response = await this.waitFor(fetch(url, { headers: PART }));
            const html = response.ok && (await response.text());
            const parsed = html && new DOMParser().parseFromString(html, "text/html");
            return parsed ? parsed.querySelector(".o_b2b_variants") : null;
        } catch {
            return null;
        }
    },

    /** A new part is on the page: what was typed before comes back into it. */
    showPart(part) {
        this.showUnits(part);
        this.services["public.interactions"].startInteractions(part);
        this.fill();
    },

    /** Another value, another page of rows: what is typed stays in the store. */
    async changeVariants(link) {
        const old = link.closest(".o_b2b_variants");
        old.setAttribute("aria-busy", "true");
        const { search } = new URL(link.href, window.location.href);
        const part = await this.fetchVariants(old.dataset.templateId, search);
        if (!part) {
            window.location.assign(link.href);
            return;
        }
        this.services["public.interactions"].stopInteractions(old);
        old.replaceWith(part);
        this.showPart(part);
        part.querySelector(".o_b2b_variants_go[aria-current]")?.focus();
    },

    findRow(productId) {
        const id = CSS.escape(productId);
        const rows = this.el.querySelectorAll('[data-product-id="' + id + '"]');
        return [...rows].find((row) => row.querySelector(QUANTITY)) || null;
    },

    // --- units ---

    showUnits(part) {
        const label = part.querySelector(".o_b2b_matrix_unit");
        label?.classList.replace("d-none", "d-inline-flex");
    },

    changeUnit(select) {
        const part = select.closest(".o_b2b_variants");
        for (const unit of part.querySelectorAll(".o_b2b_cell .o_b2b_row_unit")) {
            unit.value = select.value;
        }
        const inputs = [...part.querySelectorAll(".o_b2b_cell " + QUANTITY)];
        this.keep(inputs.filter((input) => input.value.trim()));
    },

    // --- keyboard ---

    /** Inputs by line and column; null where no variant is. */
    getLines(input) {
        const lines = input.closest("table").querySelectorAll(".o_b2b_matrix_line");
        return [...lines].map((line) =>
            [...line.querySelectorAll(".o_b2b_cell, .o_b2b_cell_none")].map((cell) =>
                cell.querySelector(QUANTITY)
            )
        );
    },

    findPlace(lines, input) {
        const y = lines.findIndex((line) => line.includes(input));
        return { x: lines[y].indexOf(input), y };
    },

    onKeydown(ev) {
        const { target, key } = ev;
        const inMatrix = target.matches(QUANTITY) && target.closest(".o_b2b_matrix");
        if (!inMatrix || ev.isComposing || ev.altKey || ev.ctrlKey || ev.metaKey) {
            super.onKeydown(ev);
        } else if (key === "Enter" && !ev.shiftKey) {
            ev.preventDefault();
            this.goOn(target);
        } else if (ARROWS[key]) {
            if (this.mayLeave(ev)) {
                ev.preventDefault();
                this.moveInMatrix(target, ...ARROWS[key]);
            }
        } else {
            super.onKeydown(ev);
        }
    },

    /** An arrow to the side moves within a number first. */
    mayLeave({ key, target }) {
        if (key === "ArrowDown" || key === "ArrowUp") {
            return true;
        }
        const { selectionStart: start, selectionEnd: end, value } = target;
        if (start === 0 && end === value.length) {
            return true;
        }
        return start === end && start === (key === "ArrowLeft" ? 0 : value.length);
    },

    moveInMatrix(input, dx, dy) {
        const lines = this.getLines(input);
        let { x, y } = this.findPlace(lines, input);
        do {
            x += dx;
            y += dy;
        } while (lines[y] && x >= 0 && x < lines[y].length && !lines[y][x]);
        const next = lines[y]?.[x];
        if (next) {
            next.focus();
        } else if (dy) {
            const inputs = lines.flat().filter(Boolean);
            this.move(dy > 0 ? inputs.at(-1) : inputs[0], dy);
        }
    },

    /** Down the column, then to the top of the next one. */
    goOn(input) {
        const lines = this.getLines(input);
        const columns = lines[0].map((_cell, x) => lines.map((line) => line[x]));
        const inputs = columns.flat().filter(Boolean);
        const next = inputs[inputs.indexOf(input) + 1];
        if (next) {
            next.focus();
        } else {
            this.move(lines.flat().filter(Boolean).at(-1), 1);
        }
    },

    onPaste(ev) {
        const text = ev.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n");
        const block = text.replace(/\n+$/, "").split("\n");
        const isBlock = block.length > 1 || text.includes("\t");
        if (!isBlock || !ev.target.closest(".o_b2b_matrix")) {
            super.onPaste(ev);
            return;
        }
        ev.preventDefault();
        const lines = this.getLines(ev.target);
        const { x, y } = this.findPlace(lines, ev.target);
        const filled = [];
        const left = [];
        block.forEach((line, down) => {
            line.split("\t").forEach((value, right) => {
                const input = lines[y + down]?.[x + right];
                if (input) {
                    input.value = value.trim().slice(0, 20);
                    this.judge(this.getRow(input), input);
                    filled.push(input);
                } else if (value.trim()) {
                    left.push(value.trim());
                }
            });
        });
        this.keep(filled);
        filled.at(-1)?.focus();
        const shown = left.slice(0, 20).join("; ");
        this.tell(
            shown && _t("Pasted where there is no variant, and left out: %s", shown),
            shown && "warning"
        );
    },

    // --- totals ---

    showFilled(rows) {
        super.showFilled(rows);
        for (const holder of this.el.querySelectorAll(".o_b2b_variants_row")) {
            const status = holder.previousElementSibling?.querySelector(
                ".o_b2b_variants_filled"
            );
            const inputs = [...holder.querySelectorAll(QUANTITY)];
            const count = inputs.filter((input) => input.value.trim()).length;
            if (status) {
                status.textContent = count ? _t("filled: %s", count) : "";
            }
        }
        this.showTotals();
    },

    showTotals() {
        for (const table of this.el.querySelectorAll(".o_b2b_matrix")) {
            if (table.querySelector(".o_b2b_matrix_total")) {
                this.showTotalsOf(table);
            }
        }
    },

    showTotalsOf(table) {
        const say = (cell, sum) => {
            const decimals = Number.isInteger(sum) ? 0 : 3;
            cell.textContent = sum ? formatAmount(sum, decimals) : "";
        };
        const ends = [...table.querySelectorAll(".o_b2b_column_total")];
        const columns = ends.map(() => 0);
        let amount = 0;
        for (const line of table.querySelectorAll(".o_b2b_matrix_line")) {
            let sum = 0;
            line.querySelectorAll(".o_b2b_cell, .o_b2b_cell_none").forEach((cell, x) => {
                const text = cell.querySelector(QUANTITY)?.value.trim();
                const quantity = text ? parseQuantity(text) || 0 : 0;
                sum += quantity;
                columns[x] += quantity;
                amount += quantity ? this.showSum(cell, text) || 0 : 0;
            });
            say(line.querySelector(".o_b2b_line_total"), sum);
        }
        ends.forEach((cell, x) => say(cell, columns[x]));
        const total = columns.reduce((sum, column) => sum + column, 0);
        say(table.querySelector(".o_b2b_matrix_total"), total);
        const place = table.closest(".o_b2b_variants").querySelector(".o_b2b_matrix_sum");
        if (place) {
            const { decimals, symbol } = this.currency;
            const text = formatAmount(amount, decimals) + " " + symbol;
            place.textContent = amount ? _t("Sum: %s", text) : "";
        }
    },

    // --- the cart ---

    /** What becomes of a cell is listed below: a cell is too narrow for it. */
    say(row, text, outcome) {
        super.say(row, text, outcome);
        const list =
            row.matches(".o_b2b_cell") &&
            row.closest(".o_b2b_variants").querySelector(".o_b2b_matrix_messages");
        if (!list) {
            return;
        }
        const id = row.dataset.productId;
        let line = list.querySelector('[data-cell="' + id + '"]');
        if (!text) {
            line?.remove();
            return;
        }
        if (!line) {
            line = document.createElement("li");
            line.dataset.cell = id;
            list.append(line);
        }
        line.className = outcome === "rejected" ? "o_b2b_matrix_rejected" : "";
        const label = document.createElement("b");
        label.textContent = row.dataset.label + ": ";
        line.replaceChildren(label, text);
    },

    /** On a product's page, its own quantity and the matrix fill one cart. */
    showCart(answer) {
        super.showCart(answer);
        const page = this.el.closest(".o_b2b_product");
        if (page) {
            page.dataset.cartId = answer.cart_id;
            for (const input of page.querySelectorAll("input[name=cart_id]")) {
                input.value = answer.cart_id;
            }
        }
    },
});
