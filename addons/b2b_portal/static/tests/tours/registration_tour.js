import { registry } from "@web/core/registry";

/**
 * Registration, played by tests/test_registration_tour.py: a visitor applies, the
 * manager approves, the new director chooses a password and sees the portal.
 */
const tours = registry.category("web_tour.tours");
const field = (name, value) => ({
    trigger: `.o_b2b_registration [name=${name}]`,
    run: `edit ${value}`,
});
const label = (name, value) => ({
    trigger: `.o_b2b_registration [name=${name}]`,
    run: `selectByLabel ${value}`,
});

tours.add("b2b_registration_applicant", {
    steps: () => [
        {
            content: "The way in is in the header",
            trigger: "header a[href*='/b2b/signup']",
            run: "click",
            expectUnloadPage: true,
        },
        field("name", "Tour Fasteners"),
        {
            content: "A country whose tax number we know",
            trigger: ".o_b2b_registration [name=country_id]",
            run() {
                const option = [...this.anchor.options].find((o) =>
                    ["Belgium", "Бельгия"].includes(o.text.trim())
                );
                this.anchor.value = option.value;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        field("vat", "BE0403019262"),
        field("city", "Brussels"),
        field("street", "Rue Neuve 1"),
        field("contact_name", "Tour Director"),
        field("email", "tour@fresh.example"),
        field("contact_phone", "+32 2 290 34 90"),
        label("segment_id", "Tour segment"),
        {
            content: "Agree",
            trigger: ".o_b2b_registration input[type=checkbox][required]",
            run: "check",
        },
        {
            trigger: "button[name=o_b2b_send]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The tax number is wrong; nothing else is lost",
            trigger: "#error_vat",
        },
        {
            trigger: ".o_b2b_registration input[name=name]",
            run() {
                if (this.anchor.value !== "Tour Fasteners") {
                    throw new Error("the typed name is lost");
                }
            },
        },
        field("vat", "BE0403019261"),
        {
            trigger: "button[name=o_b2b_send]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The one answer",
            trigger: ".o_b2b_registration a[href*='/shop']",
        },
    ],
});

tours.add("b2b_registration_manager", {
    steps: () => [
        {
            content: "Who applies",
            trigger: ".o_field_widget[name=name]",
        },
        {
            trigger: "button[name=action_approve]",
            run: "click",
        },
        {
            content: "The account is there",
            trigger: ".o_arrow_button_current[data-value=approved]",
        },
        { trigger: ".o_field_widget[name=account_id]:contains(Tour Fasteners)" },
    ],
});

tours.add("b2b_registration_password", {
    steps: () => [
        { trigger: "input[name=password]", run: "edit Tour-password-1" },
        { trigger: "input[name=confirm_password]", run: "edit Tour-password-1" },
        {
            trigger: ".oe_login_buttons button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Sign in with it",
            trigger: "main a[href*='/web/login']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "input[name=login]", run: "edit tour@fresh.example" },
        { trigger: "input[name=password]", run: "edit Tour-password-1" },
        {
            trigger: ".oe_login_buttons button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The portal of a member",
            trigger: ".o_b2b_bar",
        },
    ],
});
