import { registry } from "@web/core/registry";

/** The director invites a junior, who reports to the head. */
registry.category("web_tour.tours").add("b2b_members_invite", {
    url: "/my/members",
    steps: () => [
        {
            content: "Invite a colleague",
            trigger: "a[name='o_b2b_invite']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_b2b_invite input[name='name']",
            run: "edit Tour Junior",
        },
        {
            trigger: ".o_b2b_invite input[name='email']",
            run: "edit tour.junior@invited.example",
        },
        {
            content: "The role of a junior",
            trigger: ".o_b2b_invite label:contains('Junior')",
            run: "click",
        },
        {
            trigger: ".o_b2b_invite label:contains('North LLC')",
            run: "click",
        },
        {
            content: "The head is the supervisor",
            trigger: ".o_b2b_invite select[name='supervisor_id']",
            run: "selectByLabel b2b_head (base.group_portal)",
        },
        {
            trigger: "button[name='o_b2b_send']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_b2b_invitations:contains('tour.junior@invited.example')",
        },
    ],
});

/** The junior accepts, fills a cart, cannot order it, sees why and asks. */
registry.category("web_tour.tours").add("b2b_members_accept", {
    steps: () => [
        {
            trigger: "input[name='password']",
            run: "edit a-long-password-1",
        },
        {
            trigger: "input[name='confirm_password']",
            run: "edit a-long-password-1",
        },
        {
            trigger: "button[name='o_b2b_accept']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The portal is open: make a cart",
            trigger: "a[href='/shop/quick-order']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "textarea[name='text']",
            run: "edit BLT-M8 10",
        },
        {
            trigger: "button[name='o_b2b_run']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#wrap a[href^='/my/carts/']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "No order, but a reason",
            trigger: "a[name='o_b2b_why']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_b2b_ask textarea[name='text']",
            run: "edit For the Parnas site",
        },
        {
            trigger: "button[name='o_b2b_ask']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-info",
        },
    ],
});

/** The head confirms stage two. */
registry.category("web_tour.tours").add("b2b_members_confirm", {
    url: "/my/members",
    steps: () => [
        {
            trigger: ".o_b2b_members a:contains('Tour Junior')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "button[name='o_b2b_confirm']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".badge.text-success-emphasis",
        },
    ],
});
