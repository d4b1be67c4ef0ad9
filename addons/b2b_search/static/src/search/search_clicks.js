import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/**
 * Tells the shop which product of a search was opened, and at which place it stood.
 *
 * The page that is opened does not wait for it, and works without it.
 */
export class SearchClicks extends Interaction {
    static selector = ".o_b2b_catalogue_page";
    dynamicContent = {
        _root: { "t-on-click": this.onClick, "t-on-auxclick": this.onClick },
    };

    onClick(ev) {
        const row = ev.target.closest("[data-product-id]");
        const link = ev.target.closest("a[href]");
        const list = ev.target.closest("[data-search-key]");
        // the middle button opens a page, too; the right one does not
        if (!row || !link || !list || ev.button > 1) {
            return;
        }
        // what unfolds within the list opens no product
        const { pathname, search } = new URL(link.href, window.location.href);
        if (!pathname.includes("/shop/") || pathname.includes("/shop/why/")) {
            return;
        }
        if (pathname + search === window.location.pathname + window.location.search) {
            return;
        }
        const rows = [...list.querySelectorAll("[data-product-id]")];
        const data = new FormData();
        data.append("csrf_token", odoo.csrf_token);
        data.append("key", list.dataset.searchKey);
        data.append("product_id", row.dataset.productId);
        data.append("place", Number(list.dataset.searchOffset || 0) + rows.indexOf(row) + 1);
        navigator.sendBeacon("/shop/search/click", data);
    }
}

registry.category("public.interactions").add("b2b_search.search_clicks", SearchClicks);
