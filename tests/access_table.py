# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How the access matrix reaches its records; the expectation is access_matrix.md."""

from pathlib import Path

# Users of the table's columns; None: a visitor without a login.
LOGINS = {
    "director": "director@north.example",
    "head": "head@north.example",
    "buyer": "buyer@north.example",
    "buyer2": "buyer2@north.example",
    "junior": "junior@north.example",
    "accountant": "accountant@north.example",
    "storekeeper": "storekeeper@north.example",
    "viewer": "viewer@north.example",
    "stroydom": "buyer@stroydom.example",
    "retail": "retail@example.com",
    "public": None,
}
USERS = [user for user, login in LOGINS.items() if login]
MEMBERS = [user for user in USERS if user != "retail"]
VERBS = {"w": "write", "d": "delete", "s": "submit", "a": "approve"}
# Letters of the table that mean another verb on some models.
MODEL_VERBS = {"b2b.contract": {"s": "sign"}}


def read_matrix():
    """The table of access_matrix.md.

    :return: dict record name -> (path, dict user -> set of letters)
    """
    lines = Path(__file__).with_name("access_matrix.md").read_text().splitlines()
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("|")
    ]
    heads = [
        number for number, row in enumerate(rows) if row[:2] == ["record", "where"]
    ]
    head, body = rows[heads[0]], rows[heads[0] + 2 :]
    return {
        row[0]: (
            row[1],
            {u: set(c) - {"-"} for u, c in zip(head[2:], row[2:], strict=True)},
        )
        for row in body
    }


# Scoped models that have no row in the matrix, with the test that holds them.
MODELS_TESTED_ELSEWHERE = {
    "b2b.entity.change.line": "shares the scope of the change of requisites",
    "b2b.cart.import": "tests/test_pages.py of b2b_portal",
    "b2b.cart.import.line": "tests/test_pages.py of b2b_portal",
    "b2b.order.rate": "tests/test_rates.py of b2b_portal",
    "b2b.stock.alert": "tests/test_stock_alert.py of b2b_portal",
}

# Pages by record and the letter that opens them; {} is the record's id.
PAGES = {
    "/my/carts/{}": ("r", ("cart of the buyer",)),
    "/my/carts/{}/checkout": ("s", ("cart of the buyer",)),
    "/my/carts/{}/compare": ("r", ("cart of the buyer",)),
    "/my/orders/{}": (
        "r",
        ("order of the buyer", "order of buyer2", "order of stroydom"),
    ),
    "/my/invoices/{}": ("r", ("invoice of the buyer",)),
    "/my/messages/{}": ("r", ("conversation of the buyer",)),
    "/my/entities/{}": ("r", ("legal entity", "logistics", "legal entity of stroydom")),
    "/my/agreements/{}": (
        "r",
        ("dealer agreement", "agreement of logistics", "agreement of stroydom"),
    ),
    "/my/contracts/{}": ("r", ("contract of north", "contract of stroydom")),
    "/my/contracts/{}/pdf": ("r", ("contract of north", "contract of stroydom")),
    "/my/contracts/{}/text": ("r", ("contract of north", "contract of stroydom")),
    "/my/members/{}": ("r", ("buyer", "junior", "member of stroydom")),
    "/my/requests/{}": ("a", ("request of buyer2",)),
    "/my/documents/{}/pdf": (
        "r",
        (
            "proforma of the buyer",
            "invoice paper of the buyer",
            "waybill of the buyer",
            "price list of north",
            "proforma of stroydom",
        ),
    ),
}

# Posts by record: (letter that allows them, names, values). Only users without the
# letter post; the answer is a refusal and the database stays as it was.
POSTS = {
    "/my/carts/{}/update": ("w", ("cart of the buyer",), {"name": "stolen"}),
    "/my/carts/{}/delete": ("d", ("cart of the buyer",), {}),
    "/my/carts/{}/transport": ("w", ("cart of the buyer",), {"unit_id": "1"}),
    "/my/carts/{}/submit": ("s", ("cart of the buyer",), {}),
    "/my/carts/{}/recalculate": ("w", ("cart of the buyer",), {}),
    "/my/carts/{}/agreement": ("w", ("cart of the buyer",), {}),
    "/my/orders/{}/reopen": ("w", ("order of buyer2", "order of stroydom"), {}),
    "/my/members/{}/save": ("w", ("buyer", "member of stroydom"), {"job": "stolen"}),
    "/my/members/{}/suspend": ("d", ("buyer", "member of stroydom"), {}),
    "/my/members/{}/reactivate": ("w", ("buyer",), {}),
    "/my/members/{}/sessions/end": ("w", ("buyer",), {}),
    "/my/members/{}/preview": ("w", ("buyer", "member of stroydom"), {}),
    "/my/members/{}/confirm": ("a", ("junior",), {}),
    "/my/invitations/{}/cancel": ("w", ("invitation",), {}),
    "/my/requests/{}/grant": ("a", ("request of buyer2",), {"confirm": "1"}),
    "/my/feeds/{}/rotate": ("w", ("feed of the buyer",), {}),
    "/my/feeds/{}/revoke": ("d", ("feed of the buyer",), {}),
    "/my/requests/{}/decline": ("a", ("request of buyer2",), {"text": "x"}),
    "/my/article-numbers/{}/save": (
        "w",
        ("own number of the account", "own number of logistics"),
        {"code": "stolen", "article": "934-M8-ZN"},
    ),
    "/my/article-numbers/{}/delete": (
        "d",
        ("own number of the account", "own number of north", "own number of stroydom"),
        {},
    ),
    "/my/article-numbers/{}/restore": ("d", ("own number of north",), {}),
    "/my/saved-filters/{}/update": (
        "w",
        ("filter of the buyer", "filter shared by the head"),
        {"name": "stolen"},
    ),
    "/my/saved-filters/{}/move": (
        "w",
        ("filter of the buyer", "filter shared by the head"),
        {"down": "1"},
    ),
    "/my/saved-filters/{}/delete": (
        "d",
        ("filter of the buyer", "filter shared by the head"),
        {},
    ),
}

# Our routes: how the matrix or another test covers each.
ROUTES = {
    "/my/carts": "list",
    "/my/carts/new": "test_pages",
    "/my/carts/<int:cart_id>": "page",
    "/my/carts/<int:cart_id>/update": "post",
    "/my/carts/<int:cart_id>/delete": "post",
    "/my/carts/<int:cart_id>/transport": "post",
    "/my/carts/<int:cart_id>/checkout": "page",
    "/my/carts/<int:cart_id>/submit": "post",
    "/my/carts/<int:cart_id>/recalculate": "post",
    "/my/carts/<int:cart_id>/compare": "page",
    "/my/carts/<int:cart_id>/agreement": "post",
    "/my/price-changes": "test_price_changes",
    "/my/price-changes/buy": "test_price_changes",
    "/my/price-changes/digest": "test_price_changes",
    "/my/orders/<int:order_id>/reopen": "post",
    "/b2b/agreement": "test_switch",
    "/my": "test_home",
    "/mail/thread/messages": "test_messages",
    "/b2b/callback": "test_messages",
    "/b2b/manager/<int:account_id>/photo": "test_messages",
    "/my/messages": "list",
    "/my/messages/page/<int:page>": "list",
    "/my/messages/new": "test_messages",
    "/my/messages/<int:conversation_id>": "page",
    "/my/messages/<int:conversation_id>/send": "test_messages",
    "/my/messages/<int:conversation_id>/news": "test_messages",
    "/my/messages/<int:conversation_id>/read": "test_messages",
    "/my/messages/<int:conversation_id>/file/<int:attachment_id>": "test_messages",
    "/my/documents": "list",
    "/my/documents/page/<int:page>": "list",
    "/my/documents/<int:document_id>/pdf": "page",
    # core's routes that we close by the access mode: test_access_pages
    '/shop/<model("product.template"):product_template>/document/<int:document_id>': (
        "test_access_pages"
    ),
    "/shop/pricelist": "test_access_pages",
    "/robots.txt": "test_access_pages",
    "/sitemap.xml": "test_access_pages",
    "/shop/why/<int:product_id>": "test_price_why_pages",
    # core's routes that show members' prices, and the table: test_catalogue
    "/shop": "test_catalogue",
    "/shop/sections": "test_panel",
    "/shop/page/<int:page>": "test_catalogue",
    '/shop/category/<model("product.public.category"):category>': "test_catalogue",
    '/shop/category/<model("product.public.category"):category>/page/<int:page>': (
        "test_catalogue"
    ),
    # core's routes with the members' product page: test_product_page
    '/shop/<model("product.template"):product>': "test_product_page",
    (
        '/shop/<model("product.public.category"):category>'
        '/<model("product.template"):product>'
    ): "test_product_page",
    '/shop/<model("product.template"):product_template>/documents': "test_product_page",
    "/shop/product/price": "test_product_page",
    "/shop/search/click": "test_search_log",
    "/shop/stock-alert": "test_stock_alert",
    "/my/stock-alerts": "test_stock_alert",
    "/my/stock-alerts/<int:alert_id>/save": "test_stock_alert",
    "/my/stock-alerts/<int:alert_id>/delete": "test_stock_alert",
    "/shop/variants/<int:template_id>": "test_variants",
    "/shop/table/add": "test_catalogue",
    "/shop/table/add_row": "test_catalogue",
    "/shop/table/add_all": "test_table",
    "/shop/table/columns": "test_table",
    "/shop/table/columns/reset": "test_table",
    "/b2b/client-mode": "test_catalogue",
    "/shop/quick-order": "list",
    "/shop/quick-order/run": "test_pages",
    "/shop/quick-order/<int:run_id>": "test_pages",
    "/shop/quick-order/<int:run_id>/xlsx": "test_pages",
    "/shop/quick-order/<int:run_id>/set": "test_units_pages",
    "/my/members": "list",
    "/my/members/<int:member_id>": "page",
    "/my/members/<int:member_id>/save": "post",
    "/my/members/<int:member_id>/suspend": "post",
    "/my/members/<int:member_id>/reactivate": "post",
    "/my/members/<int:member_id>/confirm": "post",
    "/my/members/<int:member_id>/sessions/end": "post",
    "/my/members/<int:member_id>/preview": "post",
    "/b2b/preview/stop": "test_preview",
    "/my/members/new": "test_invitation",
    "/my/members/invite": "test_invitation",
    "/my/members/import": "test_invitation",
    "/my/members/import/<int:run_id>": "test_invitation",
    "/my/invitations/<int:invitation_id>/<string:action>": "post",
    "/b2b/invitation/<string:token>": "test_invitation",
    "/my/roles": "test_roles",
    "/my/roles/clone": "test_roles",
    "/my/roles/<int:role_id>": "test_roles",
    "/my/roles/<int:role_id>/save": "test_roles",
    "/my/roles/<int:role_id>/archive": "test_roles",
    "/b2b/why": "test_access",
    "/b2b/ask": "test_access",
    "/my/requests/<int:request_id>": "page",
    "/my/requests/<int:request_id>/grant": "post",
    "/my/requests/<int:request_id>/decline": "post",
    "/b2b/signup": "test_registration_pages",
    "/b2b/signup/thanks": "test_registration_pages",
    "/b2b/signup/status/<int:registration_id>/<string:token>": "test_registration_pages",
    "/b2b/signup/status/<int:registration_id>/<string:token>/files": "test_registration_pages",
    "/b2b/signup/status/<int:registration_id>/<string:token>/edit": "test_registration_pages",
    "/b2b/signup/status/<int:registration_id>/<string:token>/cancel": "test_registration_pages",
    "/my/join/<int:registration_id>": "test_registration_join",
    "/my/join/<int:registration_id>/accept": "test_registration_join",
    "/my/join/<int:registration_id>/decline": "test_registration_join",
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
    "/my/article-numbers": "list",
    "/my/article-numbers/page/<int:page>": "list",
    "/my/article-numbers.xlsx": "test_article_numbers_pages",
    "/my/article-numbers/template.xlsx": "test_article_numbers_pages",
    "/my/article-numbers/add": "test_article_numbers_pages",
    "/my/article-numbers/import": "test_article_numbers_pages",
    "/my/article-numbers/import/run": "test_article_numbers_pages",
    "/my/article-numbers/<int:code_id>/save": "post",
    "/my/article-numbers/<int:code_id>/delete": "post",
    "/my/article-numbers/<int:code_id>/restore": "post",
    "/shop/goods/suggest": "test_article_numbers_pages",
    "/shop/suggest": "test_suggest",
    "/shop/quick-order/<int:run_id>/choose": "test_article_numbers_pages",
    "/my/purchases": "list",
    "/my/purchases/page/<int:page>": "list",
    "/my/purchases.xlsx": "test_purchases",
    "/my/purchases/add": "test_purchases",
    "/my/purchases/usual": "test_purchases",
    "/my/contracts": "list",
    "/my/contracts/page/<int:page>": "list",
    "/my/contracts/<int:contract_id>": "page",
    "/my/contracts/<int:contract_id>/accept": "test_paper_pages",
    "/my/contracts/<int:contract_id>/pdf": "page",
    "/my/contracts/<int:contract_id>/text": "page",
    "/my/agreements": "list",
    "/my/agreements/<int:agreement_id>": "page",
    "/my/papers": "list",
    "/my/papers/upload": "test_paper_pages",
    "/shop/pick/<string:slug>": "test_presets_pages",
    "/shop/pick/<string:slug>/page/<int:page>": "test_presets_pages",
    "/b2b/catalogue-page/new": "test_presets_pages",
    "/my/saved-filters": "test_saved_filters",
    "/my/saved-filters/save": "test_saved_filters",
    "/my/saved-filters/<int:filter_id>": "test_saved_filters",
    "/my/saved-filters/<int:filter_id>/update": "post",
    "/my/saved-filters/<int:filter_id>/move": "post",
    "/my/saved-filters/<int:filter_id>/delete": "post",
    "/my/saved-filters/<int:filter_id>/default": "test_saved_filters",
    "/shop/price-list": "list",
    "/shop/price-list/make": "test_price_feed",
    "/shop/price-list/jobs": "list",
    "/shop/price-list/jobs/<int:job_id>/cancel": "post",
    "/shop/price-list/jobs/<int:job_id>/again": "post",
    "/my/feeds": "list",
    "/my/feeds/new": "test_price_feed",
    "/my/feeds/<int:feed_id>/rotate": "post",
    "/my/feeds/<int:feed_id>/revoke": "post",
    "/b2b/feed/<string:token>.<string:file_format>": "test_price_feed",
    "/my/papers/<int:paper_id>/file/<int:attachment_id>": "test_paper_pages",
}
