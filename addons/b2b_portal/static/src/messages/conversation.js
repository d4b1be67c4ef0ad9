import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { browser } from "@web/core/browser/browser";
import { rpc } from "@web/core/network/rpc";
import { _t } from "@web/core/l10n/translation";

const BUS_TYPE = "b2b_conversation";
const POLL_DELAY = 20000;

/**
 * A conversation that stays up to date: new messages come by the bus, and by
 * asking every 20 seconds where the bus is down or does not know the visitor.
 * Without it the page works as a plain form.
 */
export class Conversation extends Interaction {
    static selector = ".o_b2b_page:has(.o_b2b_chat)";
    dynamicContent = {
        ".o_b2b_composer": { "t-on-submit": this.onSubmit },
        ".o_b2b_composer textarea": { "t-on-keydown": this.onKeydown },
        _window: { "t-on-focus": () => this.refresh() },
    };

    setup() {
        this.chatEl = this.el.querySelector(".o_b2b_chat");
        this.formEl = this.el.querySelector(".o_b2b_composer");
        this.last = parseInt(this.chatEl.dataset.last);
        this.url = `/my/messages/${this.chatEl.dataset.id}`;
        this.busy = Promise.resolve();
    }

    start() {
        this.chatEl.scrollTop = this.chatEl.scrollHeight;
        const bus = this.services.bus_service;
        const onNotification = (payload) => {
            if (payload.id === parseInt(this.chatEl.dataset.id)) {
                this.refresh();
            }
        };
        bus.subscribe(BUS_TYPE, onNotification);
        bus.start();
        this.registerCleanup(() => bus.unsubscribe(BUS_TYPE, onNotification));
        const poll = browser.setInterval(() => {
            const live = bus.workerState === "CONNECTED" && this.chatEl.dataset.mine;
            if (!live && !document.hidden) {
                this.refresh();
            }
        }, POLL_DELAY);
        this.registerCleanup(() => browser.clearInterval(poll));
        this.refresh();
    }

    /** One request at a time, so that no message comes twice. */
    refresh() {
        this.busy = this.busy.then(async () => {
            try {
                const params = { after: this.last, seen: !document.hidden };
                this.show(await rpc(`${this.url}/news`, params, { silent: true }));
            } catch {
                // the next round asks again
            }
        });
        return this.busy;
    }

    show({ html, last, seen }) {
        if (this.isDestroyed) {
            return;
        }
        if (last > this.last) {
            const nearEnd =
                this.chatEl.scrollHeight - this.chatEl.scrollTop - this.chatEl.clientHeight < 80;
            this.chatEl.querySelector(".o_b2b_no_messages")?.remove();
            const fresh = new DOMParser().parseFromString(html, "text/html").body;
            const days = this.chatEl.querySelectorAll(".o_b2b_day");
            const lastDay = days[days.length - 1]?.dataset.day;
            const firstDayEl = fresh.querySelector(".o_b2b_day");
            if (firstDayEl && firstDayEl.dataset.day === lastDay) {
                firstDayEl.remove();
            }
            this.chatEl.append(...fresh.childNodes);
            this.last = last;
            if (nearEnd) {
                this.chatEl.scrollTop = this.chatEl.scrollHeight;
            }
        }
        for (const bubbleEl of this.chatEl.querySelectorAll("[data-message]")) {
            if (parseInt(bubbleEl.dataset.message) <= seen) {
                bubbleEl.querySelector(".o_b2b_seen")?.classList.remove("d-none");
            }
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            this.formEl.requestSubmit();
        }
    }

    /** Files need the plain form; text goes without a reload. */
    onSubmit(ev) {
        if (this.formEl.querySelector("input[type=file]").files.length) {
            return;
        }
        ev.preventDefault();
        const textEl = this.formEl.querySelector("textarea");
        const errorEl = this.formEl.querySelector(".o_b2b_composer_error");
        const buttonEl = this.formEl.querySelector("button");
        const text = textEl.value;
        buttonEl.disabled = true;
        errorEl.textContent = "";
        this.busy = this.busy.then(async () => {
            try {
                const answer = await rpc(`${this.url}/send`, { text, after: this.last });
                if (answer.error) {
                    errorEl.textContent = answer.error;
                } else {
                    textEl.value = "";
                    this.show(answer);
                    this.chatEl.scrollTop = this.chatEl.scrollHeight;
                }
            } catch {
                errorEl.textContent = _t("Not sent. Check the connection and try again.");
            } finally {
                buttonEl.disabled = false;
                textEl.focus();
            }
        });
    }
}

registry.category("public.interactions").add("b2b_portal.conversation", Conversation);
