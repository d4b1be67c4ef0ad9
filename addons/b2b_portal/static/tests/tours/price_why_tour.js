import { registry } from "@web/core/registry";

// Starts on a cart with one line.
registry.category("web_tour.tours").add("b2b_portal_price_why", {
    steps: () => [
        { content: "ask for the price", trigger: "a.o_b2b_why", run: "click" },
        {
            content: "a modal dialog tells the price and holds the focus",
            trigger: "dialog.o_b2b_why_dialog:modal .o_b2b_why_price",
            run() {
                if (!document.activeElement.closest("dialog")) {
                    throw new Error("the focus is outside of the dialog");
                }
            },
        },
        { content: "close it", trigger: "dialog .btn-close", run: "click" },
        {
            content: "it is gone and the focus is back on the link",
            trigger: "body:not(:has(dialog)) a.o_b2b_why:focus",
        },
    ],
});
