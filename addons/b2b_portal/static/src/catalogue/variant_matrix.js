import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { patchDynamicContent } from "@web/public/utils";
import { PriceTable } from "@b2b_portal/catalogue/price_table";

const PART = { "X-B2b-Part": "variants" };
const number = (text) => parseFloat(text.replace(/\s/g, "").replace(",", ".")) || 0;
const format = (value, digits = 3, least = 0) =>
    new Intl.NumberFormat(document.documentElement.lang || undefined, {
        maximumFractionDigits: digits,
        minimumFractionDigits: least,
    }).format(value);

/** What a quantity of a cell costs by the prices of the page, or null. */
function getAmount(cell, quantity) {
    if (!cell.dataset.prices) {
        return null;
    }
    const { price, steps, units } = JSON.parse(cell.dataset.prices);
    const [factor, unitPrice] = units[cell.querySelector(".o_b2b_row_unit")?.value] || [1];
    const reached = steps.filter(([from]) => from <= quantity * factor).at(-1);
    return quantity * (reached ? reached[1] * factor : (unitPrice ?? price * factor));
}

/**
 * Variants in the table: opened in place, typed into a matrix.
 *
 * A cell is a row of the table to everything that adds to the cart; only moving about,
 * pasting and totals know of two dimensions.
 */
patch(PriceTable.prototype, {
    setup() {
        super.setup();
        patchDynamicContent(this.dynamicContent, {
            ".o_b2b_variants_open": { "t-on-click": (ev) => this.onOpenClick(ev) },
            ".o_b2b_variants_go": { "t-on-click": (ev) => this.onGoClick(ev) },
            ".o_b2b_matrix_unit select": { "t-on-change": (ev) => this.onUnitChange(ev) },
        });
    },

    start() {
        super.start();
        this.el.querySelectorAll(".o_b2b_variants").forEach((part) => this.showUnits(part));
    },

    // --- opening ---

    isPlain(ev) {
        return !(ev.ctrlKey || ev.metaKey || ev.shiftKey || ev.altKey || ev.button);
    },

    async onOpenClick(ev) {
        if (!this.isPlain(ev)) {
            return;
        }
        ev.preventDefault();
        const link = ev.currentTarget;
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
        link.querySelector(".fa").className = `fa fa-angle-${open ? "up" : "down"}`;
        if (open) {
            holder.querySelector(".o_b2b_row_qty")?.focus({ preventScroll: true });
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
            const url = `/shop/variants/${templateId}${search}`;
            const response = await this.waitFor(fetch(url, { headers: PART }));
            const html = response.ok && (await response.text());
            const parsed = html && new DOMParser().parseFromString(html, "text/html");
            return parsed ? parsed.querySelector(".o_b2b_variants") : null;
        } catch {
            return null;
        }
    },

    /** A new part is on the page: what was typed, listeners, totals. */
    showPart(part) {
        const typed = this.readTyped();
        for (const input of part.querySelectorAll(".o_b2b_row_qty")) {
            input.value = input.value || typed[input.name] || "";
        }
        this.showUnits(part);
        this.services["public.interactions"].startInteractions(part);
        this.updateContent();
        this.showFilled();
    },

    // --- another value, another page of rows ---

    async onGoClick(ev) {
        if (!this.isPlain(ev)) {
            return;
        }
        ev.preventDefault();
        const link = ev.currentTarget;
        const old = link.closest(".o_b2b_variants");
        old.setAttribute("aria-busy", "true");
        const search = new URL(link.href, window.location.href).search;
        const part = await this.fetchVariants(old.dataset.templateId, search);
        if (!part) {
            window.location.assign(link.href);
            return;
        }
        this.keepFilled(old, part);
        this.services["public.interactions"].stopInteractions(old);
        old.replaceWith(part);
        this.showPart(part);
        part.querySelector(".o_b2b_variants_go[aria-current]")?.focus();
    },

    /** Quantities that the new part has no cell for stay in the form. */
    keepFilled(old, part) {
        const place = part.querySelector(".o_b2b_matrix_kept");
        for (const input of old.querySelectorAll(".o_b2b_row_qty")) {
            if (!input.value.trim() || part.querySelector(`[name="${input.name}"]`)) {
                continue;
            }
            const cell = input.closest("[data-product-id]");
            const kept = document.createElement("span");
            kept.className = "o_b2b_kept badge bg-light text-body border me-1";
            kept.dataset.productId = cell.dataset.productId;
            kept.dataset.label = cell.dataset.label || "";
            for (const source of [input, cell.querySelector(".o_b2b_row_unit")]) {
                if (source) {
                    const hidden = document.createElement("input");
                    hidden.type = "hidden";
                    hidden.name = source.name;
                    hidden.value = source.value;
                    hidden.className = source.matches(".o_b2b_row_qty")
                        ? "o_b2b_row_qty"
                        : "o_b2b_row_unit";
                    kept.append(hidden);
                }
            }
            kept.append(`${kept.dataset.label}: ${input.value}`);
            place?.append(kept);
        }
    },

    // --- units ---

    showUnits(part) {
        const label = part.querySelector(".o_b2b_matrix_unit");
        label?.classList.replace("d-none", "d-inline-flex");
    },

    onUnitChange(ev) {
        const part = ev.target.closest(".o_b2b_variants");
        for (const unit of part.querySelectorAll(".o_b2b_cell .o_b2b_row_unit")) {
            unit.value = ev.target.value;
        }
        this.showFilled();
    },

    // --- keyboard ---

    /** Inputs by line and column; null where no variant is. */
    getLines(input) {
        const lines = input.closest("table").querySelectorAll(".o_b2b_matrix_line");
        return [...lines].map((line) =>
            [...line.querySelectorAll(".o_b2b_cell, .o_b2b_cell_none")].map((cell) =>
                cell.querySelector(".o_b2b_row_qty")
            )
        );
    },

    findPlace(lines, input) {
        const y = lines.findIndex((line) => line.includes(input));
        return { x: lines[y].indexOf(input), y };
    },

    onKeydown(ev) {
        const input = ev.target;
        if (!input.closest(".o_b2b_matrix")) {
            return super.onKeydown(ev);
        }
        const steps = {
            ArrowDown: [0, 1],
            ArrowUp: [0, -1],
            ArrowRight: [1, 0],
            ArrowLeft: [-1, 0],
        };
        if (ev.key === "Enter" && !ev.isComposing) {
            ev.preventDefault();
            if (input.value.trim()) {
                this.addRow(input.closest("[data-product-id]"));
            }
            this.goOn(input);
        } else if (steps[ev.key] && this.mayLeave(ev)) {
            ev.preventDefault();
            this.moveInMatrix(input, ...steps[ev.key]);
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
            super.move(dy > 0 ? inputs.at(-1) : inputs[0], dy);
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
            super.move(lines.flat().filter(Boolean).at(-1), 1);
        }
    },

    onPaste(ev) {
        if (!ev.target.closest(".o_b2b_matrix")) {
            return super.onPaste(ev);
        }
        const text = ev.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n");
        const block = text.replace(/\n+$/, "").split("\n");
        if (block.length < 2 && !text.includes("\t")) {
            return;
        }
        ev.preventDefault();
        const lines = this.getLines(ev.target);
        const { x, y } = this.findPlace(lines, ev.target);
        const filled = [];
        let left = 0;
        block.forEach((line, down) => {
            line.split("\t").forEach((value, right) => {
                const input = lines[y + down]?.[x + right];
                if (input) {
                    input.value = value.trim();
                    filled.push(input);
                } else if (value.trim()) {
                    left += 1;
                }
            });
        });
        this.keepTyped(filled);
        filled.at(-1)?.focus();
        if (left) {
            const cell = ev.target.closest("[data-product-id]");
            const message = _t("Pasted where there is no variant, and left out: %s", left);
            this.say(cell, message, "rejected");
        }
    },

    // --- totals ---

    showFilled() {
        super.showFilled();
        for (const holder of this.el.querySelectorAll(".o_b2b_variants_row")) {
            const status = holder.previousElementSibling?.querySelector(
                ".o_b2b_variants_filled"
            );
            const inputs = [...holder.querySelectorAll(".o_b2b_row_qty")];
            const count = inputs.filter((input) => input.value.trim()).length;
            if (status) {
                status.textContent = count ? _t("filled: %s", count) : "";
            }
        }
        this.el.querySelectorAll(".o_b2b_matrix").forEach((table) => this.showTotals(table));
    },

    showTotals(table) {
        const total = table.querySelector(".o_b2b_matrix_total");
        if (!total) {
            return;
        }
        const say = (cell, sum) => (cell.textContent = sum ? format(sum) : "");
        const columns = [...table.querySelectorAll(".o_b2b_column_total")].map(() => 0);
        let amount = 0;
        for (const line of table.querySelectorAll(".o_b2b_matrix_line")) {
            let sum = 0;
            line.querySelectorAll(".o_b2b_cell, .o_b2b_cell_none").forEach((cell, x) => {
                const input = cell.querySelector(".o_b2b_row_qty");
                const quantity = input ? Math.max(number(input.value), 0) : 0;
                sum += quantity;
                columns[x] += quantity;
                if (quantity && amount !== null) {
                    const cost = getAmount(cell, quantity);
                    amount = cost === null ? null : amount + cost;
                }
            });
            say(line.querySelector(".o_b2b_line_total"), sum);
        }
        table
            .querySelectorAll(".o_b2b_column_total")
            .forEach((cell, x) => say(cell, columns[x]));
        say(
            total,
            columns.reduce((sum, column) => sum + column, 0)
        );
        const place = table.closest(".o_b2b_variants").querySelector(".o_b2b_matrix_sum");
        if (place) {
            const digits = parseInt(table.dataset.digits);
            place.textContent = amount
                ? _t("Sum: %s", `${format(amount, digits, digits)} ${table.dataset.symbol}`)
                : "";
        }
    },

    // --- the cart ---

    /** What becomes of a cell is listed below: a cell is too narrow for it. */
    say(row, text, outcome) {
        super.say(row, text, outcome);
        const list = row.matches(".o_b2b_cell") &&
            row.closest(".o_b2b_variants").querySelector(".o_b2b_matrix_messages");
        if (!list) {
            return;
        }
        const id = row.dataset.productId;
        let line = list.querySelector(`[data-cell="${id}"]`);
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
        label.textContent = `${row.dataset.label}: `;
        line.replaceChildren(label, text);
    },

    /** On a product's page, its own quantity and the matrix fill one cart. */
    sendRow(row) {
        const page = this.el.closest(".o_b2b_product");
        if (page) {
            this.el.dataset.cartId = page.dataset.cartId;
        }
        return super.sendRow(row);
    },

    showCart(row, result) {
        super.showCart(row, result);
        const page = this.el.closest(".o_b2b_product");
        if (page) {
            page.dataset.cartId = result.cart_id;
            for (const input of page.querySelectorAll("input[name=cart_id]")) {
                input.value = result.cart_id;
            }
        }
    },
});
