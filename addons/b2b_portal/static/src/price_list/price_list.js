import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

const PAUSE = 2000;

/** Follows the jobs of the page while any of them runs. */
export class PriceListJobs extends Interaction {
    static selector = ".o_b2b_jobs";

    start() {
        if (this.el.querySelector("[data-running]")) {
            this.waitForTimeout(() => this.refresh(), PAUSE);
        }
    }

    async refresh() {
        const response = await this.waitFor(fetch("/shop/price-list/jobs"));
        if (!response.ok) {
            return;
        }
        const answer = await this.waitFor(response.json());
        this.el.replaceChildren(
            document.createRange().createContextualFragment(answer.html)
        );
        if (answer.running) {
            this.waitForTimeout(() => this.refresh(), PAUSE);
        }
    }
}

/** The tree of sections: a section takes those in it along; a search narrows it. */
export class PriceListTree extends Interaction {
    static selector = ".o_b2b_price_list_form";
    dynamicContent = {
        ".o_b2b_tree": { "t-on-change": this.onChange },
        ".o_b2b_section_find": {
            "t-on-input": this.onFind,
            "t-att-class": () => ({ "d-none": false }),
        },
    };

    start() {
        for (const box of this.el.querySelectorAll(".o_b2b_tree input:checked")) {
            this.checkBelow(box);
        }
        this.openChosen();
    }

    onChange(ev) {
        const box = ev.target;
        this.checkBelow(box);
        if (!box.checked) {
            this.uncheckAbove(box);
        }
    }

    checkBelow(box) {
        const branch = box.closest("summary")?.parentElement;
        for (const below of branch?.querySelectorAll("ul input") || []) {
            below.checked = box.checked;
        }
    }

    uncheckAbove(box) {
        let branch = box.closest("li").parentElement.closest("details");
        while (branch) {
            branch.querySelector(":scope > summary input").checked = false;
            branch = branch.parentElement.closest("details");
        }
    }

    openChosen() {
        for (const box of this.el.querySelectorAll(".o_b2b_tree input:checked")) {
            let branch = box.closest("li").parentElement.closest("details");
            while (branch) {
                branch.open = true;
                branch = branch.parentElement.closest("details");
            }
        }
    }

    onFind(ev) {
        const wanted = ev.target.value.trim().toLowerCase();
        for (const item of this.el.querySelectorAll(".o_b2b_tree li")) {
            const shown = !wanted || item.textContent.toLowerCase().includes(wanted);
            item.classList.toggle("d-none", !shown);
            const branch = item.querySelector(":scope > details");
            if (branch && wanted && shown) {
                branch.open = true;
            }
        }
    }
}

registry
    .category("public.interactions")
    .add("b2b_portal.price_list_jobs", PriceListJobs)
    .add("b2b_portal.price_list_tree", PriceListTree);
