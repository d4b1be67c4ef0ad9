import { registry } from "@web/core/registry";

const row = (number) => `.o_b2b_price_table tr[data-product-id]:eq(${number})`;

const getRow = (number) => document.querySelectorAll("tr[data-product-id]")[number];
const getInput = (number) => getRow(number).querySelector(".o_b2b_row_qty");
const readAmount = (text) =>
    parseFloat(text.replace(/[^\d.,]/g, "").replace(/,(?=\d{3})/g, "").replace(",", "."));

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

function paste(input, text) {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    input.focus();
    input.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
    );
}

/** Keyboard in the table of goods, played by tests/test_catalogue_tour.py. */
registry.category("web_tour.tours").add("b2b_catalogue_table", {
    steps: () => [
        {
            content: "A quantity, Enter",
            trigger: `${row(0)} .o_b2b_row_qty`,
            run: "edit 7 && press Enter",
        },
        {
            content: "The next row has the focus, the first one its sum",
            trigger: `${row(1)} .o_b2b_row_qty`,
            run({ anchor }) {
                check(document.activeElement === anchor, "Enter leads to the next row");
                const first = getRow(0);
                const [steps] = Object.values(JSON.parse(first.dataset.prices));
                const sum = Math.round(7 * steps[0][1] * 100) / 100;
                const text = first.querySelector(".o_b2b_cell_sum").textContent;
                check(readAmount(text) === sum, `${text} is not ${sum}`);
                const total = document.querySelector(".o_b2b_filled b").textContent;
                check(readAmount(total) === sum, `${total} is not ${sum}`);
            },
        },
        {
            content: "A pasted column fills downwards",
            trigger: `${row(1)} .o_b2b_row_qty`,
            run({ anchor }) {
                paste(anchor, "3\n5\nmany\n");
                check(getInput(2).value === "5", "Paste has gone astray");
                const bad = getInput(3);
                check(bad.value === "many", "What is no quantity is lost");
                check(bad.getAttribute("aria-invalid") === "true", "It is not marked");
                const message = getRow(3).querySelector(".o_b2b_row_message");
                check(message.textContent.includes("many"), "Nothing is said of it");
            },
        },
        {
            content: "Articles with quantities find their rows",
            trigger: `${row(1)} .o_b2b_row_qty`,
            run({ anchor }) {
                const code = getRow(3).dataset.code.toLowerCase();
                paste(anchor, `${code}\t4\nNOWHERE-1\t8`);
                check(getInput(3).value === "4", "The article has not found its row");
                check(getInput(1).value === "3", "Another row was filled");
                const left = document.querySelector(".o_b2b_bar_messages").textContent;
                check(left.includes("NOWHERE-1 8"), "What is left over is not told");
            },
        },
        {
            content: "Arrows, Home, End, Tab and Esc",
            trigger: `${row(1)} .o_b2b_row_qty`,
            run({ anchor }) {
                const at = (place, key) =>
                    check(document.activeElement === getInput(place), `${key} goes astray`);
                const last = document.querySelectorAll(".o_b2b_row_qty").length - 1;
                anchor.focus();
                for (const [key, place, shiftKey] of [
                    ["ArrowDown", 2],
                    ["ArrowUp", 1],
                    ["End", last],
                    ["Home", 0],
                    ["Tab", 1],
                    ["Tab", 0, true],
                    ["ArrowUp", 0],
                    ["Enter", 1],
                ]) {
                    press(key, { shiftKey });
                    at(place, key);
                }
                anchor.value = "999";
                anchor.dispatchEvent(new Event("input", { bubbles: true }));
                press("Escape");
                check(anchor.value === "3", "Esc restores nothing");
                press("ArrowLeft");
                check(
                    document.activeElement !== anchor && getRow(1).contains(document.activeElement),
                    "Left does not lead to what else the row has"
                );
            },
        },
        {
            content: "Take one row out again",
            trigger: `${row(3)} .o_b2b_row_qty`,
            run: "clear",
        },
        {
            content: "Alt+P",
            trigger: "body",
            run() {
                document.body.dispatchEvent(
                    new KeyboardEvent("keydown", {
                        key: "з",
                        code: "KeyP",
                        altKey: true,
                        bubbles: true,
                    })
                );
            },
            expectUnloadPage: true,
        },
        {
            content: "No prices of mine",
            trigger: ".o_b2b_client_badge",
            run() {
                if (document.querySelector(".o_b2b_my_price")) {
                    throw new Error("A price of the agreement in the client mode");
                }
            },
        },
        {
            content: "Leave the mode by its button",
            trigger: "button[name='o_b2b_client_mode_button'][aria-pressed='true']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Another filter: what was typed waits",
            trigger: "body:not(:has(.o_b2b_client_badge)) input[name=within]",
            run: "edit PLAIN-1 && press Enter",
        },
        {
            content: "Add the rows of all pages at once",
            trigger: ".o_b2b_chip",
            run() {
                const shown = document.querySelectorAll("tr[data-product-id]").length;
                check(shown < 4, `The filter shows ${shown} rows`);
                const filled = document.querySelector(".o_b2b_filled");
                const text = filled.firstChild.textContent;
                check(/\d\D+[123]\D/.test(text), `Rows of other pages are not told: ${text}`);
            },
        },
        {
            trigger: "button[name='o_b2b_add_all']",
            run: "click",
        },
        {
            trigger: ".o_b2b_bar_messages.alert-success, .o_b2b_bar_messages.alert-warning",
        },
        {
            content: "Nothing is left to add",
            trigger: ".o_b2b_bar_messages.alert",
            run() {
                const left = document.querySelector(".o_b2b_filled").textContent.trim();
                check(!left, `Left to add: ${left}`);
            },
        },
    ],
});
