import { registry } from "@web/core/registry";

/**
 * A new director before the first agreement, played by tests/test_journeys.py.
 */
registry.category("web_tour.tours").add("b2b_journey_no_agreement", {
    url: "/my/carts",
    steps: () => [
        {
            trigger: "form[action='/my/carts/new'] button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The page says whom to ask",
            trigger: ".o_b2b_message.alert-danger",
        },
    ],
});
