import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

const PART = { "X-B2b-Part": "catalogue" };
const SHOP = /^(\/[a-z]{2}(_[a-z]{2})?)?\/shop(\/(category|pick)\/[^/]+)?(\/page\/\d+)?\/?$/i;

/**
 * The catalogue: filters, order, pages and views without a reload of the page.
 *
 * Every state is an address: links and forms work without this script, which asks for
 * the changing part of the page that they lead to and puts it into the history.
 */
export class Catalogue extends Interaction {
    static selector = ".o_b2b_catalogue_page";
    dynamicContent = {
        _root: {
            "t-on-click": this.onClick,
            "t-on-change": this.onChange,
            "t-on-submit": this.onSubmit,
        },
        _window: { "t-on-popstate": () => this.show(window.location.href, false) },
    };

    get part() {
        return this.el.querySelector(".o_b2b_catalogue");
    }

    isOurs(url) {
        return url.origin === window.location.origin && SHOP.test(url.pathname);
    }

    onClick(ev) {
        const link = ev.target.closest("a[href]");
        const plain = !(ev.ctrlKey || ev.metaKey || ev.shiftKey || ev.altKey || ev.button);
        if (!link || !plain || link.target || link.hasAttribute("download")) {
            return;
        }
        const url = new URL(link.href, window.location.href);
        if (this.isOurs(url)) {
            ev.preventDefault();
            this.closePanel();
            this.show(url.href, true, Boolean(link.closest(".pagination")));
        }
    }

    /** Forms that filter are sent as soon as something is chosen. */
    onChange(ev) {
        const form = ev.target.closest("form.o_b2b_order, form.o_b2b_filters");
        // a field without a name searches within the panel
        if (form && ev.target.name) {
            this.showForm(form);
        }
    }

    onSubmit(ev) {
        const form = ev.target.closest("form.o_b2b_order, form.o_b2b_filters");
        if (form) {
            ev.preventDefault();
            this.showForm(form);
        }
    }

    showForm(form) {
        const url = new URL(form.getAttribute("action"), window.location.href);
        const joined = new Map();
        for (const [name, value] of new FormData(form)) {
            if (!value) {
                continue;
            }
            // several boxes of one name are one comma list; each attribute has its own
            const isAttribute = name === "attribute_values";
            const [attribute, ids] = isAttribute ? value.split("-") : ["", value];
            const list = joined.get(name + attribute);
            if (list) {
                list.values.push(ids);
            } else {
                const prefix = isAttribute ? `${attribute}-` : "";
                joined.set(name + attribute, { name, prefix, values: [ids] });
            }
        }
        for (const { name, prefix, values } of joined.values()) {
            url.searchParams.append(name, prefix + values.join(","));
        }
        this.show(url.href, true);
    }

    /**
     * Show another state; only the answer to the last wish is shown.
     *
     * @param {string} href
     * @param {boolean} isNew whether the history gets it
     * @param {boolean} toTop other goods than before: begin to read anew
     */
    async show(href, isNew, toTop = false) {
        const wish = (this.wish = Symbol());
        this.part.setAttribute("aria-busy", "true");
        let html;
        try {
            const response = await this.waitFor(fetch(href, { headers: PART }));
            html = response.ok && !response.redirected && (await response.text());
        } catch {
            html = null;
        }
        if (wish !== this.wish) {
            return;
        }
        const parsed = html && new DOMParser().parseFromString(html, "text/html");
        const part = parsed && parsed.querySelector(".o_b2b_catalogue");
        if (!part) {
            // signed out, an error page or no connection: the browser says which
            window.location.assign(href);
            return;
        }
        this.replace(part);
        if (isNew) {
            history.pushState({}, "", part.dataset.url || href);
        }
        if (toTop) {
            this.el.scrollIntoView();
        }
    }

    /** On a phone the panel lies over the list. */
    closePanel() {
        const panel = this.el.querySelector(".o_b2b_panel.show");
        if (panel) {
            window.Offcanvas.getInstance(panel)?.hide();
        }
    }

    /** Put a new part in place of the old one; focus and open groups stay. */
    replace(part) {
        const old = this.part;
        const focused = document.activeElement?.id;
        const panel = old.querySelector(".o_b2b_panel");
        const scrolled = [panel, ...panel.children].map((el) => el.scrollTop);
        this.services["public.interactions"].stopInteractions(old);
        // the panel itself stays: on a phone it is open, and more may be ticked
        const fresh = part.querySelector(".o_b2b_panel");
        panel.replaceChildren(...fresh.childNodes);
        fresh.replaceWith(panel);
        old.replaceWith(part);
        this.services["public.interactions"].startInteractions(part);
        if (focused) {
            part.querySelector(`#${CSS.escape(focused)}`)?.focus({ preventScroll: true });
        }
        [panel, ...panel.children].forEach((el, place) => {
            el.scrollTop = scrolled[place];
        });
        const site = document.title.split(" | ").at(-1);
        document.title = `${part.querySelector("h1").textContent.trim()} | ${site}`;
    }
}

registry.category("public.interactions").add("b2b_portal.catalogue", Catalogue);
