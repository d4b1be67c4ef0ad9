# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What every user of the demo may see: the expectation of the access matrix."""

NORTH = "north.example"
DIRECTOR, HEAD, BUYER, BUYER2, ACCOUNTANT = (
    f"{name}@{NORTH}" for name in ("director", "head", "buyer", "buyer2", "accountant")
)
STROYDOM = "buyer@stroydom.example"
RETAIL = "retail@example.com"
USERS = (DIRECTOR, HEAD, BUYER, BUYER2, ACCOUNTANT, STROYDOM, RETAIL)

_BOSSES = {DIRECTOR, HEAD}
_NORTH = {DIRECTOR, HEAD, BUYER, BUYER2, ACCOUNTANT}
_LOGISTICS = {DIRECTOR, HEAD, BUYER, ACCOUNTANT}

# What is looked at: name -> (model, xml id or path from one, who may read it).
RECORDS = {
    "cart of the buyer": ("b2b_portal.cart_parnas_demo", _BOSSES | {BUYER}),
    "line of the cart": ("b2b_portal.cart_parnas_demo/order_line", _BOSSES | {BUYER}),
    "order of the buyer": (
        "b2b_portal.order_north_dealer_demo",
        _BOSSES | {BUYER, ACCOUNTANT},
    ),
    "line of the order": (
        "b2b_portal.order_north_dealer_demo/order_line",
        _BOSSES | {BUYER, ACCOUNTANT},
    ),
    "invoice of the buyer": (
        "b2b_portal.order_north_dealer_demo/invoice_ids",
        _BOSSES | {BUYER, ACCOUNTANT},
    ),
    "transfer of the buyer": (
        "b2b_portal.order_north_dealer_demo/picking_ids",
        _BOSSES | {BUYER, ACCOUNTANT},
    ),
    "papers of the buyer": (
        "b2b_portal.order_north_dealer_demo/papers",
        _BOSSES | {BUYER, ACCOUNTANT},
    ),
    "order of buyer2": (
        "b2b_portal.order_north_wholesale_demo",
        _BOSSES | {BUYER2, ACCOUNTANT},
    ),
    "order of the head": (
        "b2b_portal.order_north_logistics_demo",
        _BOSSES | {ACCOUNTANT},
    ),
    "order of stroydom": ("b2b_portal.order_stroydom_demo", {STROYDOM}),
    "papers of stroydom": ("b2b_portal.order_stroydom_demo/papers", {STROYDOM}),
    "dealer agreement": ("b2b_portal.agreement_north_dealer_demo", _NORTH),
    "agreement of logistics": (
        "b2b_portal.agreement_north_logistics_demo",
        _LOGISTICS,
    ),
    "agreement of stroydom": ("b2b_portal.agreement_stroydom_demo", {STROYDOM}),
    "secret prices": (
        "b2b_portal.agreement_north_dealer_demo/pricelist_id/item_ids",
        set(),
    ),
    "credit line": ("b2b_credit.credit_line_north_dealer_demo", _NORTH),
    "credit line of stroydom": (
        "b2b_credit.credit_line_stroydom_demo",
        {STROYDOM},
    ),
    "legal entity": ("b2b_portal.entity_north_demo", _NORTH),
    "logistics": ("b2b_portal.entity_north_logistics_demo", _LOGISTICS),
    "legal entity of stroydom": ("b2b_portal.entity_stroydom_demo", {STROYDOM}),
    "member buyer": ("b2b_portal.member_north_buyer_demo", _BOSSES | {BUYER}),
    "member of stroydom": ("b2b_portal.member_stroydom_buyer_demo", {STROYDOM}),
    "address of north": ("b2b_portal.address_north_parnas_demo", _NORTH),
    "address of stroydom": ("b2b_portal.address_stroydom_base_demo", {STROYDOM}),
    "contract of north": (
        "b2b_portal.contract_north_dealer_demo",
        _BOSSES | {ACCOUNTANT},
    ),
    "contract of stroydom": ("b2b_portal.contract_stroydom_demo", set()),
    "paper of north": (
        "b2b_portal.paper_north_charter_demo",
        _BOSSES | {ACCOUNTANT},
    ),
    "paper of stroydom": ("b2b_portal.paper_stroydom_charter_demo", set()),
    "our paper for everyone": (
        "b2b_portal.paper_seller_requisites_demo",
        _BOSSES | {ACCOUNTANT},
    ),
    "change of requisites": ("b2b_portal.entity_change_logistics_demo", _LOGISTICS),
    "bank account of north": ("b2b_portal.partner_bank_north_demo", set()),
    "roles": ("b2b_portal.role_director", set()),
    "permissions": ("b2b_portal.permission_director_cart_read", set()),
}

# Scoped models that have no row above, with the test that holds them.
MODELS_TESTED_ELSEWHERE = {
    "b2b.entity.change.line": "shares the scope of the change of requisites above",
    "b2b.account": "the account is as visible as its members: test_accounts",
    "b2b.cart.import": "tests/test_pages.py of b2b_portal",
    "b2b.cart.import.line": "tests/test_pages.py of b2b_portal",
    "account.move.line": "test_move_lines",
    "stock.move": "test_stock_moves",
}

# Pages by record; the address is filled with the record's id.
PAGES = {
    "/my/carts/{}": ("cart of the buyer",),
    "/my/carts/{}/checkout": ("cart of the buyer",),
    "/my/orders/{}": ("order of the buyer", "order of buyer2", "order of stroydom"),
    "/my/invoices/{}": ("invoice of the buyer",),
    "/my/documents/{}/pdf": ("papers of the buyer", "papers of stroydom"),
    "/my/entities/{}": ("legal entity", "logistics", "legal entity of stroydom"),
    "/my/contracts/{}": ("contract of north", "contract of stroydom"),
    "/my/contracts/{}/pdf": ("contract of north", "contract of stroydom"),
    "/my/contracts/{}/text": ("contract of north", "contract of stroydom"),
}

# Our routes: how the matrix or another test covers each.
ROUTES = {
    "/my/carts": "list",
    "/my/carts/new": "test_pages",
    "/my/carts/<int:cart_id>": "page",
    "/my/carts/<int:cart_id>/update": "post",
    "/my/carts/<int:cart_id>/delete": "post",
    "/my/carts/<int:cart_id>/checkout": "page",
    "/my/carts/<int:cart_id>/submit": "post",
    "/b2b/agreement": "test_switch",
    "/my/documents": "list",
    "/my/documents/page/<int:page>": "list",
    "/my/documents/<int:document_id>/pdf": "page",
    "/shop/quick-order": "list",
    "/shop/quick-order/run": "test_pages",
    "/shop/quick-order/<int:run_id>": "test_pages",
    "/shop/quick-order/<int:run_id>/xlsx": "test_pages",
    "/my/entities": "list",
    "/my/entities/new": "test_entity_pages",
    "/my/entities/create": "test_entity_pages",
    "/my/entities/<int:entity_id>": "page",
    "/my/entities/<int:entity_id>/edit": "test_entity_pages",
    "/my/entities/<int:entity_id>/save": "test_entity_pages",
    "/my/entities/<int:entity_id>/bank": "test_entity_pages",
    "/my/entities/<int:entity_id>/addresses": "test_entity_pages",
    "/my/entities/<int:entity_id>/addresses/page/<int:page>": "test_entity_pages",
    "/my/entities/<int:entity_id>/addresses/new": "test_entity_pages",
    "/my/entities/<int:entity_id>/addresses/create": "test_entity_pages",
    "/my/entities/<int:entity_id>/addresses/<int:address_id>": "test_entity_pages",
    "/my/entities/<int:entity_id>/addresses/<int:address_id>/save": "test_entity_pages",
    "/my/entities/<int:entity_id>/addresses/<int:address_id>/archive": "test_entity_pages",
    "/my/entities/<int:entity_id>/addresses/<int:address_id>/restore": "test_entity_pages",
    "/my/entities/<int:entity_id>/addresses/import": "test_entity_pages",
    "/my/entities/<int:entity_id>/addresses/import/run": "test_entity_pages",
    "/my/entities/<int:entity_id>/addresses/template.xlsx": "test_entity_pages",
    "/my/contact": "test_entity_pages",
    "/my/contracts": "list",
    "/my/contracts/page/<int:page>": "list",
    "/my/contracts/<int:contract_id>": "page",
    "/my/contracts/<int:contract_id>/accept": "test_paper_pages",
    "/my/contracts/<int:contract_id>/pdf": "page",
    "/my/contracts/<int:contract_id>/text": "page",
    "/my/papers": "list",
    "/my/papers/upload": "test_paper_pages",
    "/my/papers/<int:paper_id>/file/<int:attachment_id>": "test_paper_pages",
}
