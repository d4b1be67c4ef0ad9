import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** Alt+P shows the page to a client, and leaves that mode again. */
export class ClientMode extends Interaction {
    static selector = ".o_b2b_client_mode";
    dynamicContent = {
        _document: { "t-on-keydown": this.onKeydown },
    };

    onKeydown(ev) {
        // the key's place: Alt+P types another letter on a Russian keyboard
        if (ev.code !== "KeyP" || !ev.altKey || ev.ctrlKey || ev.metaKey) {
            return;
        }
        ev.preventDefault();
        this.el.requestSubmit();
    }
}

registry.category("public.interactions").add("b2b_portal.client_mode", ClientMode);
