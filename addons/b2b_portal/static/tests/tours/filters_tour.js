import { registry } from "@web/core/registry";

const box = (label) => `.o_b2b_values li:contains('${label}') input`;
const rows = (count) =>
    `.o_b2b_catalogue:not([aria-busy]):not(:has([data-product-id]:eq(${count}))) ` +
    `[data-product-id]:eq(${count - 1})`;

function check(condition, problem) {
    if (!condition) {
        throw new Error(problem);
    }
}

/** Filters of many values, played by tests/test_panel_tour.py. */
registry.category("web_tour.tours").add("b2b_catalogue_long_filters", {
    steps: () => [
        {
            content: "Eight of twelve brands are shown",
            trigger: "details[data-fold='brands'] a.o_b2b_unfold",
            run() {
                const values = "details[data-fold='brands'] .o_b2b_values > li";
                check(document.querySelectorAll(values).length === 8, "Not eight");
                const { fetch } = window;
                window.b2bUnfolded = 0;
                window.fetch = (url, options) => {
                    if (options?.headers?.["X-B2b-Part"] === "unfold") {
                        window.b2bUnfolded++;
                    }
                    return fetch(url, options);
                };
            },
        },
        {
            content: "Tick a brand",
            trigger: box("Zmaker 0"),
            run: "click",
        },
        { trigger: rows(1) },
        {
            content: "The others are still behind 'more'",
            trigger: ".o_b2b_goods_bubble:contains('1')",
            run() {
                check(window.b2bUnfolded === 0, `Unfolded ${window.b2bUnfolded} filters`);
                const more = "details[data-fold='brands'] a.o_b2b_unfold";
                check(document.querySelector(more), "All brands are shown");
            },
        },
        {
            content: "They are shown to whoever asks",
            trigger: "details[data-fold='brands'] a.o_b2b_unfold",
            run: "click",
        },
        { trigger: box("Zmaker 11") },
        {
            content: "A section that there is not",
            trigger: "#o_b2b_section_search",
            run: "edit zqxwv",
        },
        { trigger: ".o_b2b_none_found > span:visible" },
    ],
});

/** Filters of the catalogue, played by tests/test_panel_tour.py. */
registry.category("web_tour.tours").add("b2b_catalogue_filters", {
    steps: () => [
        {
            content: "Tick a brand",
            trigger: box("Zacme"),
            run({ anchor }) {
                window.b2bSamePage = true;
                anchor.focus();
                anchor.click();
            },
        },
        {
            content: "Two goods are left, the bubble says so",
            trigger: ".o_b2b_goods_bubble:contains('2')",
        },
        {
            trigger: rows(2),
            run() {
                check(window.b2bSamePage, "The page was loaded again");
                check(location.search.includes("brands="), "The address says nothing");
                const label = document.activeElement.closest("label");
                check(label?.textContent === "Zacme", "The box has lost the focus");
            },
        },
        {
            content: "A second value of the same filter widens the list",
            trigger: box("Zbest"),
            run: "click",
        },
        { trigger: rows(3) },
        {
            content: "Back",
            trigger: `.o_b2b_chip:contains('Zbest')`,
            run: () => history.back(),
        },
        { trigger: rows(2) },
        {
            content: "What is folded stays folded",
            trigger: "details[data-fold='brands'] > summary",
            run: "click",
        },
        {
            content: "Tick a section",
            trigger: ".o_b2b_tree input[aria-label='Zroofs']:not(:visible)",
            run: ({ anchor }) => anchor.click(),
        },
        {
            trigger: rows(1),
            run() {
                const group = document.querySelector("details[data-fold='brands']");
                check(!group.open, "A folded group has opened");
            },
        },
        {
            content: "Take all off",
            trigger: ".o_b2b_clear",
            run: "click",
        },
        { trigger: rows(5) },
        {
            content: "Find a section by its name",
            trigger: "#o_b2b_section_search",
            run: "edit zbol",
        },
        {
            trigger: "#o_b2b_section_found a:contains('Zbolts')",
            run: "click",
        },
        {
            trigger: "h1:contains('Zbolts')",
            run() {
                check(window.b2bSamePage, "The page was loaded again");
                check(location.pathname.includes("/shop/category/"), "A wrong address");
            },
        },
        {
            content: "Numbers within names sort as numbers",
            trigger: ".o_b2b_values:contains('M10')",
            run({ anchor }) {
                const labels = [...anchor.querySelectorAll("label")];
                const texts = labels.map((label) => label.textContent);
                check(texts.join() === "M6,M8,M10", `Order is ${texts}`);
            },
        },
    ],
});
