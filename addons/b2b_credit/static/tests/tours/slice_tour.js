import { registry } from "@web/core/registry";

/**
 * The main job, played on the demo data by tests/test_slice.py: a buyer orders
 * from a pasted list, the manager ships and invoices, the accountant takes the
 * payment, and the buyer finds the papers and a free limit.
 */
const tours = registry.category("web_tour.tours");

tours.add("b2b_slice_buyer", {
    url: "/shop/quick-order",
    steps: () => [
        {
            content: "Paste a list with a unit, a correction and an unknown article",
            trigger: ".o_b2b_quick_order textarea[name=text]",
            run: (actions) =>
                actions.edit("BLT-933-M8X40-ZN 4 кор\nBLT-933-M8X50-ZN 150\nABC-000 5"),
        },
        {
            content: "Into a new cart",
            trigger: ".o_b2b_quick_order select[name=cart_id]",
            run: "select 0",
        },
        {
            trigger: ".o_b2b_quick_order button[name=o_b2b_run]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Every line of the list is reported",
            trigger: ".o_b2b_result tr:contains(ABC-000)",
        },
        { trigger: ".o_b2b_result tr:contains(BLT-933-M8X50-ZN):contains(200)" },
        {
            trigger: "a[name=o_b2b_open_cart]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "a[name=o_b2b_checkout]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Our own order number",
            trigger: "#o_b2b_reference",
            run: "edit ЗП-118",
        },
        {
            trigger: "button[name=o_b2b_submit]:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The proforma is there at once",
            trigger: ".o_b2b_documents tbody tr:first a[href$='/pdf']",
        },
    ],
});

tours.add("b2b_slice_manager", {
    steps: () => [
        {
            content: "Account, agreement and exposure are on the order",
            trigger: ".o_field_widget[name=b2b_agreement_id]:contains(Дилерский договор)",
        },
        { trigger: ".o_field_widget[name=b2b_credit_exposure]" },
        { trigger: "button[name=action_view_delivery]", run: "click" },
        { trigger: ".o_form_view button[name=button_validate]", run: "click" },
        {
            content: "Shipped",
            trigger: ".o_arrow_button_current[data-value=done]",
        },
        { trigger: ".breadcrumb-item:contains(S0) a, .o_back_button a", run: "click" },
        {
            trigger: "button[name='sale.action_view_sale_advance_payment_inv'], button:contains(Создать счёт), button:contains(Создать счет)",
            run: "click",
        },
        { trigger: ".modal button[name=create_invoices]", run: "click" },
        { trigger: ".o_form_view button[name=action_post]", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=posted]" },
    ],
});

tours.add("b2b_slice_accountant", {
    steps: () => [
        {
            trigger: ".o_form_view button[name=action_register_payment]",
            run: "click",
        },
        { trigger: ".modal button[name=action_create_payments]", run: "click" },
        {
            content: "The invoice is settled",
            trigger: ".ribbon, .o_widget_web_ribbon",
        },
    ],
});
