import { Interaction } from "@web/public/interaction";
import { _t } from "@web/core/l10n/translation";
import { readPasted } from "./table_sums";

export const QUANTITY = ".o_b2b_row_qty";
const STOPS = `${QUANTITY}, a[href], select`;

/**
 * Rows with quantities that are filled as in a spreadsheet.
 *
 * Whoever extends it says what a change means: `keep(inputs)`, `judge(row, input)`,
 * `tell(text, kind)` and `addAll()`.
 */
export class QuantityKeys extends Interaction {
    get inputs() {
        return [...this.el.querySelectorAll(QUANTITY)];
    }

    getRow(target) {
        return target.closest("[data-product-id]");
    }

    // --- keyboard ---

    onFocus(ev) {
        if (ev.target.matches(QUANTITY)) {
            this.before = ev.target.value;
            ev.target.select();
        }
    }

    /** From quantity to quantity; beyond the ends nothing happens. */
    move(input, by) {
        const inputs = this.inputs;
        const place = inputs.indexOf(input) + by;
        const next = inputs[Math.min(Math.max(place, 0), inputs.length - 1)];
        next.focus();
        return next;
    }

    onKeydown(ev) {
        const { target, key } = ev;
        const row = this.getRow(target);
        if (!row || ev.isComposing || ev.altKey) {
            return;
        }
        if (key === "ArrowLeft" || key === "ArrowRight") {
            this.moveInRow(ev, row, key === "ArrowLeft" ? -1 : 1);
        } else if (target.matches(QUANTITY)) {
            this.onQuantityKey(ev, target);
        }
    }

    onQuantityKey(ev, input) {
        const all = this.inputs.length;
        const steps = {
            Enter: ev.shiftKey ? -1 : 1,
            ArrowDown: 1,
            ArrowUp: -1,
            PageDown: 10,
            PageUp: -10,
            Home: -all,
            End: all,
        };
        if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            this.addAll();
        } else if (ev.key === "Escape") {
            ev.preventDefault();
            input.value = this.before || "";
            this.judge(this.getRow(input), input);
            this.keep([input]);
            input.select();
        } else if (ev.key in steps) {
            ev.preventDefault();
            if (this.move(input, steps[ev.key]) === input) {
                // the field is not left, so its change is not told
                this.judge(this.getRow(input), input);
            }
        } else if (ev.key === "Tab") {
            this.onTab(ev, input);
        }
    }

    /** The next quantity, past the links of the rows between, as in a spreadsheet. */
    onTab(ev, input) {
        const inputs = this.inputs;
        const next = inputs[inputs.indexOf(input) + (ev.shiftKey ? -1 : 1)];
        if (next) {
            ev.preventDefault();
            next.focus();
        }
    }

    /** Left and right lead to links and unit of the row, where the caret cannot go. */
    moveInRow(ev, row, by) {
        const { target } = ev;
        if (target.matches(QUANTITY)) {
            const { selectionStart, selectionEnd, value } = target;
            const whole = selectionStart === 0 && selectionEnd === value.length;
            const edge = by < 0 ? selectionEnd === 0 : selectionStart === value.length;
            if (!whole && !edge) {
                return;
            }
        }
        const stops = [...row.querySelectorAll(STOPS)].filter((stop) => stop.offsetParent);
        const next = stops[stops.indexOf(target) + by];
        if (next) {
            ev.preventDefault();
            next.focus();
        }
    }

    // --- what was copied from Excel ---

    onPaste(ev) {
        if (!ev.target.matches(QUANTITY)) {
            return;
        }
        const text = ev.clipboardData.getData("text/plain");
        if (!/[\n\r\t]/.test(text.trim())) {
            return;
        }
        ev.preventDefault();
        const byCode = new Map();
        for (const input of this.inputs) {
            const code = this.getRow(input).dataset.code;
            if (code) {
                byCode.set(code.toUpperCase(), input);
            }
        }
        const pasted = readPasted(text, new Set(byCode.keys()));
        const inputs = this.inputs;
        const from = inputs.indexOf(ev.target);
        const filled = [];
        const left = [];
        pasted.forEach(({ code, quantity }, i) => {
            const input = code === null ? inputs[from + i] : byCode.get(code.toUpperCase());
            if (!input) {
                left.push(code === null ? quantity : `${code} ${quantity}`);
            } else if (quantity || code === null) {
                input.value = quantity.slice(0, 20);
                this.judge(this.getRow(input), input);
                filled.push(input);
            }
        });
        this.keep(filled);
        filled.at(-1)?.focus();
        this.showLeft(pasted, left);
    }

    showLeft(pasted, left) {
        if (!left.length) {
            this.tell("", "");
            return;
        }
        const shown = left.slice(0, 20).join("; ") + (left.length > 20 ? " …" : "");
        const text =
            pasted[0].code === null
                ? _t("The page has too few rows. Left over: %s", shown)
                : _t("Not on this page: %s", shown);
        this.tell(text, "warning");
    }
}
