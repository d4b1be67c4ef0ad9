import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** The list of goods bought before: a quantity that is typed ticks its row. */
export class Purchases extends Interaction {
    static selector = ".o_b2b_purchases";
    dynamicContent = {
        "input[name^=qty_]": {
            "t-on-input": this.onInput,
            "t-on-keydown": this.onKeydown,
        },
        "input[type=checkbox]": { "t-on-change": this.count },
    };

    start() {
        this.count();
    }

    onInput(ev) {
        const tick = ev.target.closest("tr").querySelector("input[type=checkbox]");
        tick.checked = Boolean(ev.target.value.trim());
        this.count();
    }

    onKeydown(ev) {
        const steps = { ArrowDown: 1, ArrowUp: -1, Enter: 1 };
        const step = steps[ev.key];
        if (!step) {
            return;
        }
        ev.preventDefault();
        const fields = [...this.el.querySelectorAll("input[name^=qty_]")];
        const next = fields[fields.indexOf(ev.target) + step];
        next?.focus();
        next?.select();
    }

    count() {
        const place = this.el.querySelector(".o_b2b_ticked");
        if (place) {
            const ticked = this.el.querySelectorAll("input[type=checkbox]:checked");
            place.textContent = ticked.length ? `☑ ${ticked.length}` : "";
        }
    }
}

registry.category("public.interactions").add("b2b_portal.purchases", Purchases);
