# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .search_common import SearchCase


@tagged("post_install", "-at_install")
class TestIndex(SearchCase):
    def _dump(self):
        """All rows of the index, without the numbers that it gives itself."""
        self.env.flush_all()
        parts = (
            "SELECT template_id, words FROM b2b_search_doc",
            "SELECT term, df FROM b2b_search_term",
            "SELECT term.term, posting.template_id, posting.weight"
            " FROM b2b_search_posting posting"
            " JOIN b2b_search_term term ON term.id = posting.term_id",
            "SELECT word, stem, frequency FROM b2b_search_word",
            "SELECT word.word, form.form FROM b2b_search_word_del form"
            " JOIN b2b_search_word word ON word.id = form.word_id",
            "SELECT code, template_id, own FROM b2b_search_code",
        )
        dump = []
        for part in parts:
            self.env.cr.execute(part)
            dump.append(sorted(self.env.cr.fetchall()))
        return dump

    def test_changes_lead_to_what_a_rebuild_makes(self):
        """Random changes of all that goods are found by, one after another."""
        chance = random.Random(11)  # noqa: S311
        words = ["болт", "гайка", "шуруп", "кабель", "М6х20", "DIN 7985", "Makita"]
        attribute = self.env["product.attribute"].create({"name": "Цвет"})
        values = self.env["product.attribute.value"].create(
            [
                {"name": name, "attribute_id": attribute.id}
                for name in ("Белый", "Синий", "Зелёный")
            ]
        )
        sections = self.env["product.public.category"].create(
            [{"name": "Метизы"}, {"name": "Инструмент"}]
        )
        sections[1].parent_id = sections[0]
        brand = self.found.b2b_brand_id[0]

        def rename(template):
            template.name = " ".join(chance.choices(words, k=3))

        def describe(template):
            template.attribute_line_ids = [
                Command.clear(),
                Command.create(
                    {
                        "attribute_id": attribute.id,
                        "value_ids": [Command.set(chance.choice(values).ids)],
                    }
                ),
            ]

        changes = (
            rename,
            describe,
            lambda t: t.write({"default_code": f"N-{chance.randint(1, 99)}"}),
            lambda t: t.write({"active": not t.active}),
            lambda t: t.write(
                {"public_categ_ids": [Command.set(chance.choice(sections).ids)]}
            ),
            lambda t: chance.choice(values).write({"name": chance.choice(words)}),
            lambda t: sections[0].write({"name": chance.choice(words)}),
            lambda t: brand.write(
                {"name": f"{chance.choice(words)} {chance.random()}"}
            ),
            lambda t: attribute.write(
                {"visibility": chance.choice(("hidden", "visible"))}
            ),
            lambda t: t.product_variant_id.write(
                {"barcode": f"46{chance.randint(10**9, 10**10)}"}
            ),
        )
        for round_ in range(40):
            template = chance.choice(self.found.with_context(active_test=False))
            chance.choice(changes)(template)
            if round_ % 4 == 0:
                self._catch_up()
        self.by_article["HS-20"].unlink()
        self._catch_up()
        kept = self._dump()
        self._build()
        for mine, anew in zip(kept, self._dump(), strict=True):
            self.assertEqual(mine, anew)

    def test_changes_during_a_rebuild_are_in_it(self):
        index = self.env["b2b.search.build"]._get()
        index.action_rebuild()
        index._build_step()
        # already in the new index, as it was
        bolt = self.by_article["933-8-40"]
        bolt.name = "Переименованный штифт"
        self._catch_up()
        self.assertIn("933-8-40", self._search("штифт"), "the old index is read on")
        while index._build_step():
            pass
        self.assertIn("933-8-40", self._search("штифт"))
        self.assertEqual(index.state, "ready")

    def test_stopped_and_resumed(self):
        index = self.env["b2b.search.build"]._get()
        index.action_rebuild()
        index._build_step()
        index.action_stop()
        done = index.done
        self.assertEqual(index.state, "stopped")
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60.0)
        self.env["b2b.search.build"]._cron_index()
        self.assertEqual(index.done, done, "a stopped build stands still")
        index.action_resume()
        while index._build_step():
            pass
        self.assertEqual(index.state, "ready")
        self.assertEqual(index.done, index.total)

    def test_a_half_built_index_is_not_read(self):
        self.env["b2b.search.build"]._get().action_rebuild()
        self.assertEqual(self._search("933-8-40")[0], "933-8-40")

    def test_archived_goods_leave_the_index(self):
        self.by_article["TK-1170"].active = False
        self._catch_up()
        self.assertEqual(self._search("tk1170"), [])

    @mute_logger("odoo.sql_db")
    def test_texts_in_all_languages(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        charger = self.by_article["CB-2LYE"]
        charger.with_context(lang="ru_RU").name = "Зарядное устройство"
        self._catch_up()
        self.assertIn("CB-2LYE", self._search("зарядное"))
        self.assertIn("CB-2LYE", self._search("charger"))

    def test_number_of_queries(self):
        """As many for one product as for ten."""
        build = self.env["b2b.search.build"]
        counts = []
        for ids in (self.found[:1].ids, self.found.ids):
            build._get_texts(ids)
            before = self.env.cr.sql_log_count
            build._get_texts(ids)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
