import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";

/**
 * Pictures of a product: thumbnails change the picture, a click enlarges it.
 *
 * Arrows lead from picture to picture, here and in the dialog. Without scripts the
 * links open the pictures.
 */
export class Gallery extends Interaction {
    static selector = ".o_b2b_gallery";
    dynamicContent = {
        ".o_b2b_thumb": { "t-on-click.prevent": (ev) => this.show(ev.currentTarget) },
        ".o_b2b_gallery_main": { "t-on-click.prevent": this.enlarge },
        _root: { "t-on-keydown": this.onKeydown },
    };

    get thumbs() {
        return [...this.el.querySelectorAll(".o_b2b_thumb")];
    }

    get index() {
        return Math.max(
            this.thumbs.findIndex((thumb) => thumb.hasAttribute("aria-current")),
            0
        );
    }

    show(thumb) {
        for (const other of this.thumbs) {
            other.removeAttribute("aria-current");
        }
        thumb.setAttribute("aria-current", "true");
        const main = this.el.querySelector(".o_b2b_gallery_main");
        main.href = thumb.href;
        main.querySelector("img").src = thumb.dataset.medium;
    }

    /** To the next picture or back. */
    move(by) {
        const thumbs = this.thumbs;
        if (thumbs.length > 1) {
            this.show(thumbs[(this.index + by + thumbs.length) % thumbs.length]);
        }
    }

    onKeydown(ev) {
        const by = { ArrowRight: 1, ArrowLeft: -1 }[ev.key];
        if (by) {
            ev.preventDefault();
            this.move(by);
        }
    }

    enlarge() {
        const main = this.el.querySelector(".o_b2b_gallery_main");
        const dialog = document.createElement("dialog");
        dialog.className = "o_b2b_zoom";
        dialog.setAttribute("aria-label", _t("Picture"));
        const image = document.createElement("img");
        image.alt = main.querySelector("img").alt;
        image.src = main.href;
        const close = document.createElement("button");
        close.className = "btn-close";
        close.setAttribute("aria-label", _t("Close"));
        close.addEventListener("click", () => dialog.close());
        dialog.append(close, image);
        dialog.addEventListener("close", () => {
            dialog.remove();
            main.focus();
        });
        dialog.addEventListener("keydown", (ev) => {
            this.onKeydown(ev);
            image.src = main.href;
        });
        // a click on the picture: its full size, to be moved about; beside it: close
        dialog.addEventListener("click", (ev) => {
            if (ev.target === image) {
                image.classList.toggle("o_b2b_full");
            } else if (ev.target === dialog) {
                dialog.close();
            }
        });
        this.insert(dialog, document.body);
        dialog.showModal();
    }
}

registry.category("public.interactions").add("b2b_portal.gallery", Gallery);
