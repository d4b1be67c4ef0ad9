import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** The list of saved filters opens without a script; Escape and a click beside close it. */
export class SavedFilters extends Interaction {
    static selector = ".o_b2b_saved";
    dynamicContent = {
        _root: { "t-on-keydown": this.onKeydown },
        _document: { "t-on-click": this.onClickBeside },
    };

    onKeydown(ev) {
        if (ev.key === "Escape" && this.el.open) {
            this.el.open = false;
            this.el.querySelector("summary").focus();
        }
    }

    onClickBeside(ev) {
        if (!this.el.contains(ev.target)) {
            this.el.open = false;
        }
    }
}

registry.category("public.interactions").add("b2b_portal.saved_filters", SavedFilters);
