import { registry } from "@web/core/registry";

const cell = (line, column) =>
    `.o_b2b_matrix_line:nth-child(${line}) td:nth-child(${column + 1})`;
const input = (line, column) => `${cell(line, column)} .o_b2b_row_qty`;

function press(anchor, key) {
    anchor.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}

function expectFocus(selector, what) {
    if (document.activeElement !== document.querySelector(selector)) {
        throw new Error(what);
    }
}

/** Variants in the table, played by tests/test_variants.py. */
registry.category("web_tour.tours").add("b2b_variant_matrix", {
    steps: () => [
        {
            content: "Open the variants in place",
            trigger: ".o_b2b_variants_open[aria-expanded='false']",
            run: "click",
        },
        {
            content: "The first cell has the focus; Enter goes down",
            trigger: `.o_b2b_variants_row ${input(1, 1)}`,
            run: "edit 70 && press Enter",
        },
        {
            content: "To the right, and a block of Excel",
            trigger: input(2, 1),
            run({ anchor }) {
                expectFocus(input(2, 1), "Enter does not go down");
                press(anchor, "ArrowRight");
                expectFocus(input(2, 2), "The arrow does not go right");
                const data = new DataTransfer();
                data.setData("text/plain", "150\t200\n250\t\n");
                document.activeElement.dispatchEvent(
                    new ClipboardEvent("paste", { clipboardData: data, bubbles: true })
                );
            },
        },
        {
            content: "Totals of row, column and matrix",
            trigger: ".o_b2b_matrix_total:contains('670')",
            run() {
                const text = (selector) => document.querySelector(selector).textContent;
                const line = text(".o_b2b_matrix_line:nth-child(2) .o_b2b_line_total");
                const column = document.querySelectorAll(".o_b2b_column_total")[1];
                if (line !== "350" || column.textContent !== "400") {
                    throw new Error("Totals: " + line + ", " + column.textContent);
                }
                if (!/\d/.test(text(".o_b2b_matrix_sum"))) {
                    throw new Error("No sum in money");
                }
            },
        },
        {
            content: "A closed matrix keeps what is typed, and says so",
            trigger: ".o_b2b_variants_open[aria-expanded='true']",
            run: "click",
        },
        {
            trigger: ".o_b2b_variants_filled:contains('4')",
        },
        {
            trigger: ".o_b2b_variants_open[aria-expanded='false']",
            run: "click",
        },
        {
            trigger: "button[name='o_b2b_add_all']",
            run: "click",
        },
        {
            content: "What became of a cell is said below, and in the cell",
            trigger: ".o_b2b_matrix_messages li:contains('M6')",
        },
        {
            trigger: `${cell(1, 1)}.o_b2b_changed .o_b2b_in_cart:contains('100')`,
        },
        {
            trigger: ".o_b2b_bar_messages.alert",
        },
    ],
});
