const STORE = "b2b_portal.quantities";
const CART = "b2b_portal.cart";

/**
 * Quantities that are typed and in no cart yet, for one agreement and one cart.
 *
 * They live as long as the tab: another page of the catalogue, a filter, a reload and
 * the client mode leave them. A browser without storage forgets them, nothing worse.
 */
export class QuantityStore {
    constructor(agreementId) {
        this.agreementId = agreementId;
    }

    read(key) {
        try {
            return JSON.parse(sessionStorage.getItem(key));
        } catch {
            return null;
        }
    }

    write(key, value) {
        try {
            sessionStorage.setItem(key, JSON.stringify(value));
        } catch {
            // no storage: see above
        }
    }

    /** The cart that was chosen last, or undefined. */
    get cartId() {
        return this.read(`${CART}.${this.agreementId}`) ?? undefined;
    }

    set cartId(cartId) {
        this.write(`${CART}.${this.agreementId}`, cartId);
    }

    getKey(cartId) {
        return `${STORE}.${this.agreementId}.${cartId}`;
    }

    /**
     * @returns {Object} product id -> {quantity, unit, sum}; sum is null without price
     */
    getRows(cartId) {
        return this.read(this.getKey(cartId)) || {};
    }

    setRows(cartId, rows) {
        this.write(this.getKey(cartId), rows);
    }

    /** Rows follow the choice of another cart; what waits there already stays. */
    move(from, to) {
        if (String(from) === String(to)) {
            return;
        }
        this.setRows(to, { ...this.getRows(to), ...this.getRows(from) });
        this.setRows(from, {});
    }
}
