import { registry } from "@web/core/registry";

const box = ".o_b2b_search input[role=combobox]";
const getBox = () => document.querySelector(box);
const getActive = () =>
    document.getElementById(getBox().getAttribute("aria-activedescendant"));

function check(condition, text) {
    if (!condition) {
        throw new Error(text);
    }
}

function press(key, options = {}) {
    document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...options })
    );
}

function walkTo(selector) {
    for (let step = 0; step < 30; step++) {
        press("ArrowDown");
        if (getActive()?.matches(selector)) {
            return getActive();
        }
    }
    throw new Error(`No arrow leads to ${selector}`);
}

/** Suggestions by the keyboard alone, played by tests/test_suggest_tour.py. */
registry.category("web_tour.tours").add("b2b_search_suggest", {
    steps: () => [
        {
            content: "A few letters in the wrong layout",
            trigger: box,
            run: "edit ,jkn zqx",
        },
        {
            content: "The grid is open and told of",
            trigger: `${box}[aria-expanded=true]`,
            run({ anchor }) {
                const grid = document.querySelector(".o_b2b_suggestions [role=grid]");
                check(grid, "There is no grid");
                const status = document.querySelector(".o_b2b_search_status");
                check(/\d/.test(status.textContent), "The count is not told");
                check(document.querySelector(".o_b2b_suggest_note b"), "What was corrected");
                anchor.focus();
                press("ArrowDown");
                check(getActive().getAttribute("aria-selected") === "true", "Nothing chosen");
                press("ArrowUp");
                check(!getActive(), "The arrow does not lead back into the box");
                press("ArrowUp");
                check(getActive().id === "o_b2b_suggestion_all", "Up leads to the last row");
                press("Escape");
                check(anchor.getAttribute("aria-expanded") === "false", "Escape closes");
                check(document.activeElement === anchor, "The focus is lost");
                check(anchor.value === ",jkn zqx", "The text is lost");
                press("ArrowDown");
            },
        },
        {
            content: "Open again; Tab leads into the quantity",
            trigger: ".o_b2b_suggestions:not([hidden]) .o_b2b_suggest_qty",
            run() {
                const row = walkTo("[data-product-id]");
                press("Tab");
                const quantity = row.querySelector(".o_b2b_suggest_qty");
                check(document.activeElement === quantity, "Tab goes astray");
                press("Tab", { shiftKey: true });
                check(document.activeElement === getBox(), "Shift+Tab goes astray");
                check(getActive() === row, "The row is forgotten");
                press("Tab");
                quantity.value = "3";
                press("Enter");
            },
        },
        {
            content: "Three are in the cart; Escape leads back",
            trigger: ".o_b2b_suggest_message.text-success",
            run() {
                press("Escape");
                check(document.activeElement === getBox(), "Escape goes astray");
                press("ArrowDown");
            },
        },
        {
            content: "Ctrl+Enter adds the quantity of the text",
            trigger: `${box}[aria-expanded=true]`,
            run: "edit болт м8х50 zqx 4 шт",
        },
        {
            trigger: ".o_b2b_suggest_qty:first:value(4)",
            run() {
                getBox().focus();
                walkTo("[data-product-id]");
                press("Enter", { ctrlKey: true });
            },
        },
        {
            content: "Another area has another hint",
            trigger: ".o_b2b_suggest_message.text-success",
            run() {
                const areas = document.querySelector(".o_b2b_search_area");
                const before = getBox().placeholder;
                areas.value = "orders";
                areas.dispatchEvent(new Event("change", { bubbles: true }));
                check(getBox().placeholder !== before, "The hint is the same");
                areas.value = "catalogue";
                areas.dispatchEvent(new Event("change", { bubbles: true }));
                check(getBox().placeholder === before, "The hint is lost");
            },
        },
        {
            trigger: box,
            run: "edit болт zqx",
        },
        {
            content: "Enter opens what is chosen",
            trigger: `${box}[aria-expanded=true]`,
            run() {
                getBox().focus();
                walkTo("#o_b2b_suggestion_all");
                press("Enter");
            },
            expectUnloadPage: true,
        },
        {
            content: "Several lines are an order",
            trigger: `.o_b2b_price_table, ${box}:value(болт zqx)`,
            run() {
                const data = new DataTransfer();
                data.setData("text/plain", "933-8-40 5\r\n\r\n934-8\t7\n");
                getBox().focus();
                getBox().dispatchEvent(
                    new ClipboardEvent("paste", {
                        clipboardData: data,
                        bubbles: true,
                        cancelable: true,
                    })
                );
            },
            expectUnloadPage: true,
        },
        {
            trigger: ".o_b2b_quick_order textarea",
            run({ anchor }) {
                check(anchor.value === "933-8-40 5\n934-8\t7", `Pasted: ${anchor.value}`);
            },
        },
    ],
});
