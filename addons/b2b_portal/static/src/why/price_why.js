import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/**
 * Links to "Why this price" open in a dialog over the page.
 *
 * The browser's own modal dialog holds the focus, closes on Esc and gives the focus
 * back; without scripts the link leads to a page. Lists that are drawn anew need
 * nothing: clicks are heard on the page as a whole.
 */
export class PriceWhy extends Interaction {
    static selector = "#wrapwrap";
    dynamicContent = {
        _root: { "t-on-click": this.onClick },
    };

    async onClick(ev) {
        const link = ev.target.closest?.("a.o_b2b_why");
        if (!link || ev.defaultPrevented || ev.button || ev.ctrlKey || ev.metaKey || ev.shiftKey) {
            return;
        }
        ev.preventDefault();
        const url = new URL(link.href);
        url.searchParams.set("fragment", "1");
        let text;
        try {
            const response = await this.waitFor(fetch(url));
            text = response.ok && !response.redirected && (await this.waitFor(response.text()));
        } catch {
            text = "";
        }
        if (text) {
            this.open(link, text);
        } else {
            // refused, signed out or off line: the page says what is the matter
            window.location.assign(link.href);
        }
    }

    open(link, text) {
        const content = new DOMParser().parseFromString(text, "text/html").body;
        const dialog = document.createElement("dialog");
        dialog.className = "o_b2b_why_dialog";
        dialog.setAttribute("aria-labelledby", "o_b2b_why_title");
        dialog.append(...content.childNodes);
        dialog.addEventListener("close", () => {
            dialog.remove();
            link.focus();
        });
        dialog.addEventListener("click", (ev) => ev.target === dialog && dialog.close());
        this.insert(dialog, document.body);
        dialog.showModal();
    }
}

registry.category("public.interactions").add("b2b_portal.price_why", PriceWhy);
