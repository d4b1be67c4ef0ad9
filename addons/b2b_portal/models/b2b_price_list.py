# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Price lists of an agreement: what may be asked for, which goods, their layout."""

from dataclasses import dataclass, field

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.price_list import Column, PriceListOptions
from ..tools.without_gc import without_gc
from .website import Acting
from .website_behalf import BEHALF_KEY, Behalf

# Properties of sections that a list has columns for, at most.
MAX_ATTRIBUTES = 15
_USUAL = (
    "section",
    "article",
    "barcode",
    "name",
    "brand",
    "unit",
    "multiple",
    "retail",
    "price",
    "special",
    "special_until",
    "stock",
)


@dataclass
class PriceListTask:
    """A price list under way: for whom and of what; agreement and website in sudo."""

    website: object
    agreement: object
    user: object
    acting: Acting
    options: PriceListOptions
    see_stock: bool
    see_promotions: bool
    date: object
    columns: list = field(default_factory=list)
    # ids of the attributes that have a column
    attribute_ids: list = field(default_factory=list)
    # free stock of all goods, where it was read already
    stock: dict = None


class B2bPriceList(models.AbstractModel):
    """Price lists, asked for by a member and made by a page, a job or a feed.

    Nothing here depends on a request: the rights are those of the member for whom a
    list is made, asked each time anew.
    """

    _name = "b2b.price.list"
    _description = "Price List of an Agreement"

    # === THE TASK === #

    @api.model
    def _make_task(self, website, agreement, user, options):
        """What a price list needs to be made, with the user's eyes.

        :param website: ``website`` (single)
        :param agreement: ``b2b.agreement`` (single)
        :param user: ``res.users`` of a member
        :param options: :class:`PriceListOptions`
        :return: :class:`PriceListTask`
        :raise UserError: the user may not see these prices, or there are none
        """
        mine = self._as_user(website, agreement, user)
        website, agreement = website.sudo(), agreement.sudo()
        if refusal := mine._get_task_refusal(website, agreement):
            raise UserError(refusal)
        visible = website.with_env(mine.env)
        task = PriceListTask(
            website=website.with_context(**mine.env.context),
            agreement=agreement.with_context(**mine.env.context),
            user=user,
            acting=mine.env["website"]._b2b_get_current_acting(),
            options=options,
            see_stock=visible._b2b_may_see("stock"),
            see_promotions=visible._b2b_may_see("promotions"),
            date=fields.Datetime.now(),
        )
        mine._choose_columns(task)
        return task

    @api.model
    def _as_user(self, website, agreement, user):
        """This model in the language, the company and with the rights of a user."""
        user, agreement, website = user.sudo(), agreement.sudo(), website.sudo()
        member = self.env["b2b.member"].sudo()
        member = member.search(
            Domain("user_id", "=", user.id)
            & Domain("account_id", "=", agreement.account_id.id),
            limit=1,
        )
        acting = Acting(member, agreement.entity_id, agreement)
        return (
            self.with_user(user)
            .with_company(agreement.company_id)
            .with_context(
                lang=user.lang or self.env.lang,
                tz=user.tz or self.env.context.get("tz"),
                website_id=website.id,
                **{BEHALF_KEY: Behalf(website, acting)},
            )
        )

    @api.model
    def _get_task_refusal(self, website, agreement):
        """Why the current user gets no price list, as a text, or None."""
        members = self.env["b2b.member"]
        if not (
            website.with_env(self.env)._b2b_may_see("prices")
            and members._may("agreement", "read", agreement.entity_id)
        ):
            return self.env._(
                "Your role does not allow this. Ask the director of your account."
            )
        return agreement._get_refusal() or agreement._b2b_get_rate_refusal() or None

    # === COLUMNS === #

    @api.model
    def _get_columns(self, task):
        """Columns that a price list may have, in order; a hook for addons.

        :return: list of :class:`Column`, without properties of sections
        """
        columns = [
            Column("section", self.env._("Section"), "text", 28),
            Column("article", self.env._("Article"), "code", 18),
            Column("barcode", self.env._("Barcode"), "code", 15),
            Column("name", self.env._("Name"), "text", 52),
            Column("brand", self.env._("Brand"), "text", 14),
            Column("unit", self.env._("Unit"), "text", 7),
            Column("minimum", self.env._("Minimum"), "quantity", 9),
            Column("multiple", self.env._("Multiple"), "quantity", 9),
            Column("retail", self.env._("Retail price"), "money", 11),
            Column("price", self.env._("Price"), "money", 11),
        ]
        if task.see_promotions:
            columns += [
                Column("special", self.env._("Special price"), "money", 11),
                Column("special_until", self.env._("Price until"), "date", 11),
            ]
        if task.see_stock:
            columns.append(Column("stock", self.env._("Stock"), "quantity", 10))
        if self._offers_own_articles(task.agreement):
            columns.append(Column("own_article", self.env._("Own code"), "code", 18))
        columns.append(Column("photo", self.env._("Photo"), "url", 24))
        return columns

    @api.model
    def _get_usual_columns(self):
        """Codes of the columns that are chosen to begin with."""
        return _USUAL

    @api.model
    def _offers_own_articles(self, agreement):
        """Whether the customer has article numbers of their own; a hook for addons."""
        return False

    @api.model
    def _get_attributes(self, options):
        """Properties that the sections of the options show in the catalogue's table.

        :return: ``product.attribute`` records in sudo
        """
        query = options.get_catalogue_query()
        ids = dict.fromkeys((*query.categories, query.section))
        sections = self.env["product.public.category"].sudo().browse(filter(None, ids))
        attributes = self.env["product.attribute"].sudo()
        for section in sections.exists():
            attributes |= section._b2b_get_configured("b2b_column_ids")
        return attributes[:MAX_ATTRIBUTES]

    @api.model
    def _choose_columns(self, task):
        """Settle the columns of the task: those asked for that there are."""
        known = {column.code: column for column in self._get_columns(task)}
        wanted = [code for code in task.options.columns if code in known]
        wanted = wanted or [code for code in self._get_usual_columns() if code in known]
        # what makes the file an order is always there
        wanted = {"article", *wanted}
        columns = [column for code, column in known.items() if code in wanted]
        if "attributes" in task.options.columns:
            attributes = self._get_attributes(task.options)
            task.attribute_ids = attributes.ids
            columns += [
                Column(f"attribute_{attribute.id}", attribute.name, "text", 14)
                for attribute in attributes.with_context(**self.env.context)
            ]
        columns.append(Column("order", self.env._("Your order qty"), "order", 11))
        if any(column.code == "price" for column in columns):
            columns.append(Column("sum", self.env._("Sum"), "sum", 13))
        task.columns = columns

    # === GOODS === #

    @api.model
    def _search_goods(self, task):
        """Variants of the goods that the catalogue shows the member, all pages.

        :return: ``odoo.tools.Query`` on product_product
        """
        mine = self.with_env(self._get_task_env(task))
        query = task.options.get_catalogue_query()
        templates = mine.env["b2b.catalogue"]._find_all(query, task.acting)
        domain = Domain("product_tmpl_id", "in", templates)
        return mine.env["product.product"]._search(domain)

    @api.model
    def _get_task_env(self, task):
        """The environment of the task's member, with the context of its agreement."""
        context = task.agreement.env.context
        return self.env(user=task.user.id, context=context, su=False)

    @api.model
    def _find(self, task):
        """The goods of a price list, by section and name.

        :return: list of (product id, section id or 0)
        """
        query = self._search_goods(task)
        products = self.env["product.product"].with_env(self._get_task_env(task))
        rows = self.env.execute_query(
            query.select(
                products._field_to_sql(query.table, "id", query),
                products._field_to_sql(query.table, "product_tmpl_id", query),
                products._field_to_sql(query.table, "name", query),
                products._field_to_sql(query.table, "default_code", query),
            )
        )
        if task.options.in_stock and task.see_stock:
            task.stock = self._read_stock(task, [row[0] for row in rows])
            rows = [row for row in rows if task.stock.get(row[0], 1.0) > 0]
        ranks, places = self._rank_sections(task, {row[1] for row in rows})
        rows.sort(
            key=lambda row: (
                ranks.get(places.get(row[1], 0), len(ranks)),
                (row[2] or "").casefold(),
                row[3] or "",
                row[0],
            )
        )
        return [(row[0], places.get(row[1], 0)) for row in rows]

    @api.model
    def _rank_sections(self, task, template_ids):
        """Where goods stand in the list.

        :return: (dict section id -> place in the tree, dict template id -> section id:
            the first section of a product, of those chosen if any are)
        """
        sections = self.env["product.public.category"].sudo()
        domain = Domain("website_id", "in", (False, task.website.id))
        if task.options.sections:
            domain &= Domain("id", "child_of", list(task.options.sections))
        tree = sections.search(domain)
        ranks = {section.id: rank for rank, section in enumerate(tree._b2b_in_order())}
        relation = sections._fields["product_tmpl_ids"]
        pairs = self.env.execute_query(
            SQL(
                "SELECT %s, %s FROM %s WHERE %s = ANY(%s)",
                SQL.identifier(relation.column2),
                SQL.identifier(relation.column1),
                SQL.identifier(relation.relation),
                SQL.identifier(relation.column2),
                list(template_ids),
            )
        )
        places = {}
        for template_id, section_id in pairs:
            rank = ranks.get(section_id)
            if rank is not None and rank < ranks.get(
                places.get(template_id), len(ranks)
            ):
                places[template_id] = section_id
        return ranks, places

    @api.model
    def _read_rows(self, task, pairs):
        """Rows of the price list, in a constant number of queries.

        :param list pairs: of (product id, section id), as of :meth:`_find`
        :return: list of rows as :class:`Layout` wants them; goods that are gone since
            are left out
        """
        return self._read_rows_of(task, pairs)[0]

    @api.model
    def _read_rows_of(self, task, pairs):
        """As :meth:`_read_rows`, with the pairs that the rows are of."""
        with without_gc():
            return self._collect_rows(task, pairs)

    @api.model
    def _collect_rows(self, task, pairs):
        ids = [product_id for product_id, _section in pairs]
        data = self.env["b2b.price.list.data"].sudo()._read(task, ids)
        sections = self._get_section_names(task, {section for _id, section in pairs})
        codes = [column.code for column in task.columns]
        rows, kept = [], []
        for product_id, section_id in pairs:
            values = data.get(product_id)
            if values is not None:
                values["section"] = sections.get(section_id, "")
                rows.append([section_id, *map(values.get, codes)])
                kept.append((product_id, section_id))
        return rows, kept

    @api.model
    def _read_stock(self, task, ids, storable=None):
        """Free stock of goods for the agreement, in one query.

        :param dict storable: product id -> unit id, where these are known
        :return: dict product id -> quantity in its own unit, storable goods only
        """
        if task.stock is not None:
            return {key: task.stock[key] for key in ids if key in task.stock}
        return self.env["b2b.price.list.data"].sudo()._read_stock(task, ids, storable)

    @api.model
    def _get_section_names(self, task, ids):
        """Names of sections with those above them: dict id -> 'Крепёж / Болты'."""
        sections = self.env["product.public.category"].sudo()
        sections = sections.with_context(**task.agreement.env.context).browse(ids - {0})
        return {
            section.id: " / ".join(section.parents_and_self.mapped("name"))
            for section in sections.exists()
        }

    # === CHOICES === #

    @api.model
    def _count(self, query):
        """Number of the variants of a query."""
        rows = self.env.execute_query(
            SQL("SELECT COUNT(*) FROM (%s) AS goods", query.select())
        )
        return rows[0][0]

    @api.model
    def _get_brands(self, query):
        """Brands of the variants of a query, with the number of goods of each.

        :return: list of (``b2b.brand`` record in sudo, number)
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT t.b2b_brand_id, COUNT(*) FROM (%s) AS goods "
                "JOIN product_product p ON p.id = goods.id "
                "JOIN product_template t ON t.id = p.product_tmpl_id "
                "WHERE t.b2b_brand_id IS NOT NULL GROUP BY t.b2b_brand_id",
                query.select(),
            )
        )
        counts = dict(rows)
        brands = self.env["b2b.brand"].sudo().browse(counts).exists()
        return [(brand, counts[brand.id]) for brand in brands.sorted()]
