import { Interaction } from "@web/public/interaction";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";

const SAVE_AFTER = 600;
const MIN_WIDTH = 40;

/** The catalogue reads its page anew, as for a step back in the history. */
function reload() {
    window.dispatchEvent(new PopStateEvent("popstate"));
}

/** Which columns the table has and in which order: boxes, buttons and dragging. */
export class TableColumns extends Interaction {
    static selector = ".o_b2b_columns";
    dynamicContent = {
        ".o_b2b_columns_list": {
            "t-on-click": this.onClick,
            "t-on-dragstart": (ev) => (this.dragged = ev.target.closest("li")),
            "t-on-dragover": this.onDragOver,
            "t-on-drop.prevent": () => (this.dragged = null),
        },
        ".o_b2b_columns_save": { "t-on-click": this.save },
        ".o_b2b_columns_reset": { "t-on-click": this.reset },
    };

    get items() {
        return [...this.el.querySelectorAll("li[data-code]")];
    }

    onClick(ev) {
        const button = ev.target.closest("button");
        const item = button?.closest("li");
        if (!item) {
            return;
        }
        const up = button.matches(".o_b2b_column_up");
        const other = up ? item.previousElementSibling : item.nextElementSibling;
        if (other?.draggable) {
            up ? other.before(item) : other.after(item);
            button.focus();
        }
    }

    onDragOver(ev) {
        const item = ev.target.closest("li");
        if (!this.dragged || !item?.draggable || item === this.dragged) {
            return;
        }
        ev.preventDefault();
        const { top, height } = item.getBoundingClientRect();
        ev.clientY < top + height / 2 ? item.before(this.dragged) : item.after(this.dragged);
    }

    save() {
        const boxes = this.items.map((item) => [
            item.dataset.code,
            item.querySelector("input").checked,
        ]);
        return this.call("/shop/table/columns", {
            section_id: parseInt(this.el.dataset.sectionId) || 0,
            order: boxes.map(([code]) => code),
            shown: Object.fromEntries(boxes),
        });
    }

    reset() {
        return this.call("/shop/table/columns/reset", {});
    }

    async call(route, params) {
        const error = this.el.querySelector(".o_b2b_columns_error");
        try {
            await this.waitFor(rpc(route, params));
        } catch (problem) {
            error.textContent = problem.data?.message || _t("No connection. Try again.");
            return;
        }
        error.textContent = "";
        reload();
    }
}

/** Widths of columns by the edges of their heads, and what stays in sight at the left. */
export class TablePane extends Interaction {
    static selector = ".o_b2b_table_pane";
    dynamicContent = {
        ".o_b2b_grip": {
            "t-on-pointerdown": this.onGrip,
            "t-on-dblclick": (ev) => this.setWidth(ev.target.closest("th"), 0),
        },
        _window: { "t-on-resize": this.debounced(() => this.pin(), 200) },
    };

    setup() {
        this.widths = {};
        this.keep = this.debounced(this.save, SAVE_AFTER);
    }

    start() {
        this.pin();
    }

    /** The name stands where the article ends, the quantity where the sum begins. */
    pin() {
        const getWidth = (name) =>
            this.el.querySelector(`th.o_b2b_cell_${name}`)?.offsetWidth || 0;
        const sum = getWidth("sum");
        const offsets = {
            article: getWidth("article"),
            sum,
            quantity: sum + getWidth("quantity"),
        };
        for (const [name, width] of Object.entries(offsets)) {
            this.el.style.setProperty(`--o-b2b-${name}`, `${width}px`);
        }
    }

    getColumn(head) {
        return this.el.querySelectorAll("col")[head.cellIndex];
    }

    onGrip(ev) {
        ev.preventDefault();
        const grip = ev.target;
        const head = grip.closest("th");
        const column = this.getColumn(head);
        const rtl = getComputedStyle(this.el).direction === "rtl" ? -1 : 1;
        const from = { x: ev.clientX, width: head.offsetWidth };
        let width = from.width;
        let asked = false;
        const onMove = (move) => {
            width = Math.max(from.width + rtl * (move.clientX - from.x), MIN_WIDTH);
            if (!asked) {
                // one change of the layout a frame
                asked = true;
                this.waitForAnimationFrame(() => {
                    asked = false;
                    column.width = Math.round(width);
                });
            }
        };
        const onEnd = () => {
            grip.removeEventListener("pointermove", onMove);
            grip.removeEventListener("pointerup", onEnd);
            grip.removeEventListener("pointercancel", onEnd);
            if (Math.round(width) !== from.width) {
                this.setWidth(head, Math.round(width));
            }
        };
        grip.setPointerCapture(ev.pointerId);
        grip.addEventListener("pointermove", onMove);
        grip.addEventListener("pointerup", onEnd);
        grip.addEventListener("pointercancel", onEnd);
    }

    setWidth(head, width) {
        const column = this.getColumn(head);
        if (width) {
            column.width = width;
        } else {
            column.removeAttribute("width");
        }
        this.widths[head.dataset.code] = width;
        this.pin();
        this.keep();
    }

    save() {
        const widths = this.widths;
        this.widths = {};
        // a width that is not kept is no reason to disturb anybody
        rpc(
            "/shop/table/columns",
            { section_id: parseInt(this.el.dataset.sectionId) || 0, widths },
            { silent: true }
        ).catch(() => {});
    }
}

registry.category("public.interactions").add("b2b_portal.table_columns", TableColumns);
registry.category("public.interactions").add("b2b_portal.table_pane", TablePane);
