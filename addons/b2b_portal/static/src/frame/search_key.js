import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** The key "/" leads to the search box from anywhere on the page. */
export class SearchKey extends Interaction {
    static selector = ".o_b2b_search";
    dynamicContent = {
        _document: { "t-on-keydown": this.onKeydown },
    };

    onKeydown(ev) {
        const target = ev.target;
        const typing =
            target.isContentEditable || target.matches?.("input, textarea, select");
        if (ev.key !== "/" || ev.ctrlKey || ev.metaKey || ev.altKey || typing) {
            return;
        }
        ev.preventDefault();
        this.el.querySelector("input[name=search]").focus();
    }
}

registry.category("public.interactions").add("b2b_portal.search_key", SearchKey);
