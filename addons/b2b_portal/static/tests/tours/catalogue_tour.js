import { registry } from "@web/core/registry";

const row = (number) => `.o_b2b_price_table tr[data-product-id]:eq(${number})`;

/** Keyboard in the table of goods, played by tests/test_catalogue_tour.py. */
registry.category("web_tour.tours").add("b2b_catalogue_table", {
    steps: () => [
        {
            content: "A quantity, Enter",
            trigger: `${row(0)} .o_b2b_row_qty`,
            run: "edit 7 && press Enter",
        },
        {
            content: "The row is saved and its field empty",
            trigger: `${row(0)}.o_b2b_saved .o_b2b_in_cart:contains('7')`,
        },
        {
            content: "The next row has the focus",
            trigger: `${row(1)} .o_b2b_row_qty`,
            run({ anchor }) {
                if (document.activeElement !== anchor) {
                    throw new Error("Enter does not lead to the next row");
                }
            },
        },
        {
            content: "A pasted column fills downwards",
            trigger: `${row(1)} .o_b2b_row_qty`,
            run({ anchor }) {
                const data = new DataTransfer();
                data.setData("text/plain", "3\n5\n");
                anchor.dispatchEvent(
                    new ClipboardEvent("paste", { clipboardData: data, bubbles: true })
                );
            },
        },
        {
            content: "An arrow leads down, and what is typed survives the client mode",
            trigger: `${row(1)} .o_b2b_row_qty`,
            run({ anchor }) {
                anchor.focus();
                anchor.dispatchEvent(
                    new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true })
                );
                const next = document.querySelectorAll(".o_b2b_row_qty")[2];
                if (document.activeElement !== next || next.value !== "5") {
                    throw new Error("Arrow or paste has gone astray");
                }
            },
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
            content: "What was typed is still there: add it all",
            trigger: "body:not(:has(.o_b2b_client_badge)) button[name='o_b2b_add_all']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_b2b_message.alert-success",
        },
        {
            trigger: `${row(2)} .o_b2b_in_cart:contains('5')`,
        },
    ],
});
