import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

const DELAY = 200;

/**
 * A field that suggests goods while one types: a combobox with a list.
 *
 * Without a choice the form goes to the server as it is: there the text is looked up.
 */
export class GoodsChoice extends Interaction {
    static selector = ".o_b2b_goods_choice";
    dynamicContent = {
        input: {
            "t-on-input": this.debounced(this.suggest, DELAY),
            "t-on-keydown": this.onKeydown,
            "t-on-blur": this.onBlur,
        },
    };

    setup() {
        this.input = this.el.querySelector("input[role=combobox]");
        this.list = this.el.querySelector("[role=listbox]");
        this.goods = [];
        this.asked = 0;
        this.active = -1;
    }

    async suggest() {
        const text = this.input.value.trim();
        const asked = ++this.asked;
        if (text.length < 2) {
            this.show([]);
            return;
        }
        const answer = await this.waitFor(
            fetch(`/shop/goods/suggest?q=${encodeURIComponent(text)}`)
        );
        const goods = answer.ok ? await this.waitFor(answer.json()) : [];
        // an answer that was overtaken by a newer question says nothing
        if (asked === this.asked) {
            this.show(goods);
        }
    }

    show(goods) {
        this.goods = goods;
        this.active = -1;
        this.list.replaceChildren(...goods.map((row, index) => this.makeOption(row, index)));
        this.list.hidden = !goods.length;
        this.input.setAttribute("aria-expanded", String(goods.length > 0));
        this.input.removeAttribute("aria-activedescendant");
    }

    makeOption(row, index) {
        const option = document.createElement("li");
        option.id = `${this.list.id}_${index}`;
        option.className = "list-group-item list-group-item-action py-1";
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        const article = document.createElement("b");
        article.textContent = row.article;
        option.append(article, ` ${row.name}`);
        // the field keeps the focus
        option.addEventListener("mousedown", (ev) => ev.preventDefault());
        option.addEventListener("click", () => this.choose(row));
        return option;
    }

    onKeydown(ev) {
        if (this.list.hidden) {
            return;
        }
        if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            ev.preventDefault();
            this.move(ev.key === "ArrowDown" ? 1 : -1);
        } else if (ev.key === "Enter" && this.active >= 0) {
            ev.preventDefault();
            this.choose(this.goods[this.active]);
        } else if (ev.key === "Escape") {
            ev.preventDefault();
            this.show([]);
        }
    }

    move(step) {
        const options = [...this.list.children];
        this.active = (this.active + step + options.length) % options.length;
        options.forEach((option, index) => {
            option.classList.toggle("active", index === this.active);
            option.setAttribute("aria-selected", String(index === this.active));
        });
        options[this.active].scrollIntoView({ block: "nearest" });
        this.input.setAttribute("aria-activedescendant", options[this.active].id);
    }

    onBlur() {
        this.show([]);
    }

    choose(row) {
        this.asked++;
        this.show([]);
        this.input.value = row.article || row.name;
        if (this.el.dataset.submit) {
            const choice = document.createElement("input");
            Object.assign(choice, { type: "hidden", name: "product_id", value: row.id });
            const form = this.el.closest("form");
            form.append(choice);
            form.submit();
        }
    }
}

registry.category("public.interactions").add("b2b_portal.goods_choice", GoodsChoice);
