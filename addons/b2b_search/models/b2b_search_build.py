# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What goods are described by, and the job that keeps the index up to date.

A change of goods only inserts a note in its own transaction: it waits for nobody. The
job works the notes into the index, and builds a new one beside it when it is told to.
All its steps are committed one by one: it can be stopped and goes on where it stood.
"""

from odoo import api, fields, models
from odoo.tools import SQL, html2plaintext

from ..tools.document import build
from ..tools.stem import get_signature

BATCH = 500
# Change it when the same goods would be indexed in another way.
FORMAT = "2"
_PENDING = "b2b_search.notes"
_LISTS = (
    (
        "code",
        """
        SELECT product_tmpl_id,
            unnest(array_remove(ARRAY[default_code, barcode], NULL))
        FROM product_product WHERE active AND product_tmpl_id = ANY(%s)
        """,
    ),
    (
        "code",
        """
        SELECT variant.product_tmpl_id, unit.barcode
        FROM product_uom unit
        JOIN product_product variant
            ON variant.id = unit.product_id AND variant.active
        WHERE variant.product_tmpl_id = ANY(%s)
        """,
    ),
    (
        "category",
        """
        SELECT DISTINCT link.product_template_id, above.name
        FROM product_public_category_product_template_rel link
        JOIN product_public_category section
            ON section.id = link.product_public_category_id
        JOIN product_public_category above
            ON above.id = ANY(
                string_to_array(RTRIM(section.parent_path, '/'), '/')::int[]
            )
        WHERE link.product_template_id = ANY(%s)
        """,
    ),
    (
        "attribute",
        """
        SELECT own.product_tmpl_id, value.name
        FROM product_template_attribute_value own
        JOIN product_attribute_value value
            ON value.id = own.product_attribute_value_id
        JOIN product_attribute attribute ON attribute.id = own.attribute_id
            AND attribute.visibility IS DISTINCT FROM 'hidden'
        WHERE own.ptav_active AND own.product_tmpl_id = ANY(%s)
        """,
    ),
    (
        "attribute",
        """
        SELECT link.product_template_id, tag.name
        FROM product_tag_product_template_rel link
        JOIN product_tag tag ON tag.id = link.product_tag_id
            AND tag.visible_to_customers
        WHERE link.product_template_id = ANY(%s)
        """,
    ),
)


class B2bSearchBuild(models.Model):
    """The index as staff see it: one record."""

    _name = "b2b.search.build"
    _description = "Search Index"
    _rec_name = "state"

    state = fields.Selection(
        [
            ("empty", "Not built yet"),
            ("building", "Being built"),
            ("stopped", "Stopped"),
            ("ready", "Ready"),
        ],
        default="empty",
        required=True,
        readonly=True,
    )
    ready = fields.Boolean(
        readonly=True, help="There is an index that searches are answered from."
    )
    position = fields.Integer(readonly=True, help="Products below this one are done.")
    done = fields.Integer("Products done", readonly=True)
    total = fields.Integer("Of", readonly=True)
    percent = fields.Integer(compute="_compute_percent")
    waiting = fields.Integer("Changed products waiting", compute="_compute_waiting")
    product_count = fields.Integer("Products in the index", compute="_compute_waiting")
    started_at = fields.Datetime("Begun", readonly=True)
    finished_at = fields.Datetime("Built", readonly=True)
    signature = fields.Char(readonly=True, help="What the index was made with.")

    @api.depends("done", "total")
    def _compute_percent(self):
        for index in self:
            done = 100 * index.done // index.total if index.total else 0
            index.percent = min(done, 100)

    def _compute_waiting(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT (SELECT COUNT(DISTINCT template_id) FROM b2b_search_change),"
                " (SELECT COUNT(*) FROM b2b_search_doc)"
            )
        )
        self.waiting, self.product_count = rows[0]

    @api.model
    def _get(self):
        """The one record (sudo)."""
        return self.env.ref("b2b_search.index_main").sudo()

    @api.model
    def _is_ready(self):
        """Whether searches can be answered from the index."""
        return bool(self._get().ready)

    @api.model
    def _get_signature(self):
        """What the rows of the index depend on, beside the goods."""
        languages = sorted(code for code, _name in self.env["res.lang"].get_installed())
        weights = self.env["b2b.search.ranking"]._get_field_weights()
        weights = [f"{name}={weights[name]:g}" for name in sorted(weights)]
        return ":".join([FORMAT, get_signature(), *languages, *weights])

    # === FOR STAFF === #

    def action_rebuild(self):
        """Build a new index beside the one that is read."""
        self.ensure_one()
        self.env["b2b.search.index"]._lock()
        self.env["b2b.search.index"]._drop_tables("_next")
        self.env["b2b.search.index"]._create_tables("_next")
        self.env["b2b.search.index"]._create_indexes("_next")
        self.write(
            {
                "state": "building",
                "position": 0,
                "done": 0,
                "total": len(self._find_templates()),
                "started_at": fields.Datetime.now(),
            }
        )
        self._wake()

    def action_stop(self):
        """Stop the building; what is built so far is kept."""
        self.filtered(lambda index: index.state == "building").state = "stopped"

    def action_resume(self):
        """Go on with a building that was stopped."""
        self.filtered(lambda index: index.state == "stopped").state = "building"
        self._wake()

    @api.model
    def _wake(self):
        self.env.ref("b2b_search.ir_cron_index").sudo()._trigger()

    # === THE JOB === #

    @api.model
    def _cron_index(self):
        """Work in what has changed; then go on with a building that is asked for."""
        index = self._get()
        if index.ready and index.signature != self._get_signature():
            index.action_rebuild()
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=index.waiting + (index.state == "building"))
        while number := index._take_changes():
            if not commit(number):
                return
        while index.state == "building":
            number = index._build_step()
            if not commit(number or 1) or not number:
                break

    def _take_changes(self):
        """Work one batch of changed goods into the index.

        :return: number of goods; 0: none are left
        """
        self.env["b2b.search.index"]._lock()
        rows = self.env.execute_query(
            SQL(
                """
                WITH chosen AS (
                    SELECT DISTINCT template_id FROM b2b_search_change
                    ORDER BY template_id LIMIT %s
                )
                DELETE FROM b2b_search_change change USING chosen
                WHERE change.template_id = chosen.template_id
                RETURNING change.template_id
                """,
                BATCH,
            )
        )
        ids = sorted({row[0] for row in rows})
        if not ids:
            return 0
        documents = self._get_documents(ids)
        index = self.env["b2b.search.index"]
        index._write_documents(documents)
        if self.state in ("building", "stopped"):
            begun = {i: doc for i, doc in documents.items() if i <= self.position}
            index._write_documents(begun, "_next")
        return len(ids)

    def _build_step(self):
        """Index one batch of goods; after the last one, put the new index in place.

        :return: number of goods; 0: the index is ready
        """
        index = self.env["b2b.search.index"]
        ids = self._find_templates(self.position, BATCH)
        if ids:
            index._write_documents(self._get_documents(ids), "_next")
            self.write({"position": ids[-1], "done": self.done + len(ids)})
            return len(ids)
        index._lock()
        index._swap_tables()
        self.write(
            {
                "state": "ready",
                "ready": True,
                "finished_at": fields.Datetime.now(),
                "signature": self._get_signature(),
            }
        )
        return 0

    @api.model
    def _build_now(self):
        """Build the index in this transaction: for small catalogues and for tests."""
        index = self._get()
        index.action_rebuild()
        while index._build_step():
            pass
        while index._take_changes():
            pass

    # === WHAT GOODS ARE DESCRIBED BY === #

    @api.model
    def _find_templates(self, after=0, limit=None):
        """Ids of the goods that belong into the index, in order."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM product_template WHERE active AND sale_ok AND id > %s"
                " ORDER BY id LIMIT %s",
                after,
                limit,
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _get_documents(self, ids):
        """dict id -> :class:`~..tools.document.Document`, or None for none of ours."""
        self.env.flush_all()
        known = self._get_texts(ids)
        weights = self.env["b2b.search.ranking"]._get_field_weights()
        return {
            id_: build(known[id_], weights) if id_ in known else None for id_ in ids
        }

    @api.model
    def _get_texts(self, ids):
        """Texts of goods by field of the index, in all languages; a hook.

        A constant number of queries.

        :param list ids: of product.template
        :return: dict id -> dict field -> list of texts; goods that are not sold are
            left out
        """
        rows = self._read(
            """
            SELECT template.id, template.name, brand.name, template.description_sale,
                template.description_ecommerce
            FROM product_template template
            LEFT JOIN b2b_brand brand ON brand.id = template.b2b_brand_id
            WHERE template.active AND template.sale_ok AND template.id = ANY(%s)
            """,
            ids,
        )
        texts = {}
        for id_, name, brand, short, full in rows:
            texts[id_] = {
                "name": self._pick(name),
                "brand": self._pick(brand),
                "text": [
                    *self._pick(short),
                    *(html2plaintext(text) for text in self._pick(full)),
                ],
                "code": [],
                "category": [],
                "attribute": [],
            }
        for field, code in self._get_list_queries():
            for id_, value in self._read(code, ids):
                if id_ in texts:
                    texts[id_][field] += self._pick(value)
        return texts

    @api.model
    def _get_list_queries(self):
        """What goods have several texts of; a hook.

        :return: list of (field of the index, SELECT of template id and text or dict
            language -> text, with one blank for an array of ids)
        """
        return list(_LISTS)

    @api.model
    def _read(self, code, ids):
        """Rows of (template id, text or dict language -> text, ...)."""
        self.env.cr.execute(code, [list(ids)])
        return self.env.cr.fetchall()

    @api.model
    def _pick(self, value):
        """The different texts of a value: one, or one for each language in use."""
        if isinstance(value, dict):
            languages = {code for code, _name in self.env["res.lang"].get_installed()}
            used = {text for code, text in value.items() if code in languages}
            return sorted(text for text in used if text)
        return [value] if value else []


class B2bSearchChange(models.Model):
    """A product that the index has to be told of."""

    _name = "b2b.search.change"
    _description = "Changed Product to Index"
    _log_access = False

    template_id = fields.Integer(required=True, index=True)

    @api.model
    def _note(self, ids):
        """Note goods in this transaction, all of them at its end or at a savepoint.

        :param ids: of product.template
        """
        ids = set(ids) - {False}
        if not ids:
            return
        precommit = self.env.cr.precommit
        if _PENDING not in precommit.data:
            precommit.data[_PENDING] = set()
            precommit.add(self._write_notes)
        precommit.data[_PENDING] |= ids

    @api.model
    def _write_notes(self):
        ids = self.env.cr.precommit.data.pop(_PENDING, None)
        if not ids:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO b2b_search_change (template_id) SELECT unnest(%s)",
                sorted(ids),
            )
        )
        self.env["b2b.search.build"]._wake()

    @api.model
    def _note_where(self, condition):
        """Note goods by SQL: a renamed value may be that of tens of thousands."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL("INSERT INTO b2b_search_change (template_id) %s", condition)
        )
        if self.env.cr.rowcount:
            self.env["b2b.search.build"]._wake()
