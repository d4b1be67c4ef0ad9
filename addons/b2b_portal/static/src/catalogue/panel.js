import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

const FOLDED_KEY = "b2b_panel_folded";
const PART = { "X-B2b-Part": "unfold" };
const BUBBLE_MS = 4000;

// What was ticked last: the panel is made anew before the bubble can stand beside it.
let ticked = null;

/** What the visitor has folded and unfolded: slug -> whether it is open. */
function readFolded() {
    try {
        return JSON.parse(window.sessionStorage.getItem(FOLDED_KEY)) || {};
    } catch {
        return {};
    }
}

/**
 * Sections and filters beside the catalogue.
 *
 * Boxes are fields of a form, which `Catalogue` sends when one is ticked. Here is what
 * is about the panel itself: what is folded, what is fetched when it is unfolded, the
 * bubble with the number of goods.
 */
export class CataloguePanel extends Interaction {
    static selector = ".o_b2b_panel";
    dynamicContent = {
        _root: { "t-on-change": this.onChange, "t-on-click": this.onClick },
        ".o_b2b_value_search": { "t-on-input": this.onSearch },
        ".o_b2b_show": { "t-on-click.prevent": this.onShow },
        // no bubbling: heard on its way down
        _document: { "t-on-toggle.capture": this.onToggle },
    };

    setup() {
        const folded = readFolded();
        for (const group of this.el.querySelectorAll("details[data-fold]")) {
            const open = folded[group.dataset.fold];
            if (open !== undefined && !group.dataset.url) {
                group.open = open;
            }
        }
    }

    start() {
        const box = ticked && document.getElementById(ticked);
        ticked = null;
        if (box && this.el.contains(box)) {
            this.showBubble(box);
        }
    }

    // === THE BUBBLE === //

    onChange(ev) {
        if (ev.target.name) {
            ticked = ev.target.id;
        }
    }

    showBubble(box) {
        const bubble = this.el.querySelector(".o_b2b_goods_bubble");
        const text = this.el.querySelector(".o_b2b_goods_bubble_text").content.textContent;
        // after the region is known to screen readers
        this.waitForTimeout(() => {
            const place = box.getBoundingClientRect();
            const around = this.el.getBoundingClientRect();
            if (place.bottom < around.top || place.top > window.innerHeight) {
                box.scrollIntoView({ block: "center" });
            }
            bubble.textContent = text.trim();
            const { top, height } = box.getBoundingClientRect();
            bubble.style.setProperty("--b2b-top", `${top + height / 2}px`);
            bubble.style.setProperty("--b2b-start", `${around.right}px`);
        }, 50);
        this.waitForTimeout(() => (bubble.textContent = ""), BUBBLE_MS);
    }

    onShow() {
        window.Offcanvas.getInstance(this.el)?.hide();
    }

    // === FOLDING === //

    onToggle(ev) {
        const group = ev.target;
        if (!this.el.contains(group) || !group.dataset.fold || !group.open) {
            return;
        }
        const lazy = group.querySelector(":scope > fieldset > a.o_b2b_lazy");
        if (lazy) {
            this.unfoldFacet(lazy);
        } else if (group.dataset.url) {
            this.unfold(group.dataset.fold, group.dataset.url, (answer) => {
                delete group.dataset.url;
                group.append(answer.querySelector("ul"));
            });
        }
    }

    /** Groups that are put into the page open say so, too: only a click is a wish. */
    rememberFold(group) {
        const folded = readFolded();
        folded[group.dataset.fold] = !group.open;
        window.sessionStorage.setItem(FOLDED_KEY, JSON.stringify(folded));
    }

    onClick(ev) {
        const summary = ev.target.closest("details[data-fold] > summary");
        if (summary) {
            this.rememberFold(summary.parentElement);
            return;
        }
        const link = ev.target.closest("a.o_b2b_unfold");
        if (!link || ev.ctrlKey || ev.metaKey || ev.shiftKey) {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        this.unfoldFacet(link);
    }

    unfoldFacet(link) {
        const group = link.closest("details");
        this.unfold(link.dataset.slug, link.href, (answer) => {
            const fieldset = answer.querySelector("fieldset");
            group.querySelector("fieldset").replaceWith(fieldset);
            const search = fieldset.querySelector(".o_b2b_value_search");
            if (search) {
                this.addListener(search, "input", this.onSearch);
            }
            fieldset.querySelector("input")?.focus();
        });
    }

    /** Fetch what a group shows in full, and ask for it again at every next tick. */
    async unfold(slug, url, insert) {
        let html = null;
        try {
            const response = await this.waitFor(fetch(url, { headers: PART }));
            html = response.ok && !response.redirected && (await response.text());
        } catch {
            html = null;
        }
        if (!html) {
            // the page itself says what is wrong
            window.location.assign(url);
            return;
        }
        insert(new DOMParser().parseFromString(html, "text/html").body);
        const field = this.el.querySelector("input[name='unfold']");
        field.disabled = false;
        field.value = [field.value, slug].filter(Boolean).join(",");
    }

    // === VALUES BY NAME === //

    onSearch(ev) {
        const words = ev.target.value.trim().toLowerCase();
        const values = ev.target.parentElement.querySelectorAll(".o_b2b_values > li");
        for (const value of values) {
            const ticked = value.querySelector("input").checked;
            value.hidden = !ticked && !value.textContent.toLowerCase().includes(words);
        }
    }
}

registry.category("public.interactions").add("b2b_portal.catalogue_panel", CataloguePanel);
