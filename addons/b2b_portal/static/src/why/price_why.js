import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/**
 * Links to "Why this price" open in a dialog over the page.
 *
 * The browser's own modal dialog shuts off the page below and closes on Esc; without
 * scripts the link leads to a page. Lists that are drawn anew need
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
        dialog.addEventListener("keydown", (ev) => this.keepFocus(ev, dialog));
        this.insert(dialog, document.body);
        dialog.showModal();
    }

    /** From the last element Tab leads to the first one, not to the browser's bars. */
    keepFocus(ev, dialog) {
        const elements = [...dialog.querySelectorAll("a[href], button")];
        const [from, to] = ev.shiftKey
            ? [elements.at(0), elements.at(-1)]
            : [elements.at(-1), elements.at(0)];
        if (ev.key === "Tab" && document.activeElement === from) {
            ev.preventDefault();
            to.focus();
        }
    }
}

registry.category("public.interactions").add("b2b_portal.price_why", PriceWhy);
