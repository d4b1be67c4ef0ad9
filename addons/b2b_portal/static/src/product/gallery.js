import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";

// A finger that moves so far, in pixels, turns over the picture.
const SWIPE = 40;

/**
 * Pictures of a product as a slider, and one of them over the whole window.
 *
 * Buttons, thumbnails, arrow keys and a finger lead from picture to picture, in both;
 * Home and End to the first and the last one. A click or Enter enlarges, another one
 * shows the full size, Escape leads back. Without scripts the links open the pictures.
 */
export class Gallery extends Interaction {
    static selector = ".o_b2b_gallery";
    dynamicContent = {
        ".o_b2b_thumb": { "t-on-click.prevent": (ev) => this.show(ev.currentTarget) },
        ".o_b2b_gallery_main": { "t-on-click.prevent": this.enlarge },
        ".o_b2b_gallery_step": {
            "t-on-click": (ev) => this.move(parseInt(ev.currentTarget.dataset.by)),
        },
        _root: {
            "t-on-keydown": this.onKeydown,
            "t-on-touchstart": this.onTouch,
            "t-on-touchend": this.onRelease,
        },
    };

    setup() {
        this.main = this.el.querySelector(".o_b2b_gallery_main");
        this.thumbs = [...this.el.querySelectorAll(".o_b2b_thumb")];
        this.index = 0;
    }

    start() {
        for (const part of this.el.querySelectorAll(".o_b2b_gallery_step[hidden]")) {
            part.hidden = false;
        }
    }

    // --- from picture to picture ---

    show(thumb) {
        this.index = this.thumbs.indexOf(thumb);
        for (const other of this.thumbs) {
            other.removeAttribute("aria-current");
        }
        thumb.setAttribute("aria-current", "true");
        thumb.scrollIntoView({ block: "nearest", inline: "nearest" });
        this.main.href = thumb.href;
        this.main.querySelector("img").src = thumb.dataset.medium;
        this.el.querySelector(".o_b2b_gallery_count").textContent = this.count;
        this.zoomed?.();
    }

    get count() {
        return `${this.index + 1} / ${this.thumbs.length}`;
    }

    /** To the next picture or back, around the ends. */
    move(by) {
        const number = this.thumbs.length;
        if (number > 1) {
            this.show(this.thumbs[(this.index + by + number) % number]);
        }
    }

    onKeydown(ev) {
        const last = this.thumbs.length - 1;
        const by = { ArrowRight: 1, ArrowLeft: -1, Home: -this.index, End: last - this.index };
        if (ev.key in by && last > 0) {
            ev.preventDefault();
            this.move(by[ev.key]);
        }
    }

    onTouch(ev) {
        // two fingers: the browser's own zoom
        this.touched = ev.touches.length === 1 ? ev.touches[0].clientX : undefined;
    }

    onRelease(ev) {
        const way = ev.changedTouches[0].clientX - this.touched;
        if (Math.abs(way) > SWIPE && !ev.target.matches(".o_b2b_full")) {
            this.move(way < 0 ? 1 : -1);
        }
    }

    // --- over the whole window ---

    enlarge() {
        const dialog = document.createElement("dialog");
        dialog.className = "o_b2b_zoom";
        dialog.setAttribute("aria-label", _t("Picture"));
        const full = this.makeButton("o_b2b_zoom_full", "", "");
        const image = document.createElement("img");
        image.alt = this.main.querySelector("img").alt;
        full.append(image);
        const close = this.makeButton("btn-close", "", _t("Close"));
        const bar = document.createElement("div");
        bar.className = "o_b2b_zoom_bar";
        bar.setAttribute("role", "status");
        const steps = [
            this.makeButton("o_b2b_zoom_step btn btn-light border", "‹", _t("Previous picture")),
            this.makeButton("o_b2b_zoom_step btn btn-light border", "›", _t("Next picture")),
        ];
        const several = this.thumbs.length > 1 ? [steps[0], bar, steps[1]] : [];
        dialog.append(close, full, ...several);
        this.zoomed = () => {
            image.src = this.main.href;
            image.classList.remove("o_b2b_full");
            bar.textContent = this.count;
        };
        this.zoomed();
        this.listen(dialog, { close, full, image, steps });
        this.insert(dialog, document.body);
        dialog.showModal();
        full.focus();
    }

    listen(dialog, { close, full, image, steps }) {
        close.addEventListener("click", () => dialog.close());
        full.addEventListener("click", () => image.classList.toggle("o_b2b_full"));
        steps[0].addEventListener("click", () => this.move(-1));
        steps[1].addEventListener("click", () => this.move(1));
        dialog.addEventListener("keydown", (ev) => this.onKeydown(ev));
        dialog.addEventListener("touchstart", (ev) => this.onTouch(ev), { passive: true });
        dialog.addEventListener("touchend", (ev) => this.onRelease(ev));
        dialog.addEventListener("click", (ev) => ev.target === dialog && dialog.close());
        dialog.addEventListener("close", () => {
            this.zoomed = undefined;
            dialog.remove();
            this.main.focus();
        });
    }

    makeButton(className, text, label) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = className;
        button.textContent = text;
        button.setAttribute("aria-label", label || _t("Full size"));
        return button;
    }
}

registry.category("public.interactions").add("b2b_portal.gallery", Gallery);
