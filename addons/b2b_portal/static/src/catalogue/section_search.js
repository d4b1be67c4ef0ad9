import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

const MAX_FOUND = 30;

// Sections by name, the same on all states of the page: asked for once.
let sections = null;

/** Finds sections by their name in the panel of the catalogue. */
export class SectionSearch extends Interaction {
    static selector = ".o_b2b_section_search";
    dynamicContent = {
        _root: { "t-att-hidden": () => false },
        input: {
            "t-on-input": this.onInput,
            "t-on-keydown": this.onKeydown,
        },
    };

    get list() {
        return this.el.querySelector("ul");
    }

    async onInput(ev) {
        const input = ev.target;
        const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
        if (words.length && !sections) {
            sections = this.fetchSections();
        }
        const known = words.length ? await this.waitFor(sections) : [];
        const found = known.filter(({ name, above }) =>
            words.every((word) => `${above} ${name}`.toLowerCase().includes(word))
        );
        // the word is the section's own before it is that of one above
        const own = ({ name }) => name.toLowerCase().includes(words.at(-1));
        found.sort((a, b) => own(b) - own(a));
        this.list.replaceChildren(...found.slice(0, MAX_FOUND).map(this.buildRow));
        this.el.parentElement.classList.toggle("o_b2b_searching", words.length > 0);
        this.el.classList.toggle("o_b2b_none", words.length > 0 && !found.length);
    }

    async fetchSections() {
        const response = await fetch("/shop/sections");
        return response.ok ? response.json() : [];
    }

    buildRow({ name, above, url }) {
        const row = document.createElement("li");
        const link = row.appendChild(document.createElement("a"));
        link.href = url;
        link.textContent = name;
        if (above) {
            const where = link.appendChild(document.createElement("small"));
            where.textContent = above;
        }
        return row;
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.list.querySelector("a")?.click();
        } else if (ev.key === "Escape") {
            ev.target.value = "";
            this.onInput(ev);
        }
    }
}

registry.category("public.interactions").add("b2b_portal.section_search", SectionSearch);
