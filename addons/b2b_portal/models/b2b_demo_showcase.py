# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
from collections import defaultdict
from datetime import timedelta

from odoo import Command, api, fields, models

DOCUMENT_NAMES = {
    "anchor_loads": "Таблица нагрузок и порядок установки.pdf",
    "certificate_anchors": "Сертификат соответствия, анкеры.pdf",
    "certificate_fasteners": "Сертификат соответствия, метизы.pdf",
    "certificate_power": "Сертификат соответствия, электроинструмент.pdf",
    "certificate_ppe": "Сертификат соответствия, спецодежда и СИЗ.pdf",
    "passport_cordless": "Паспорт ДА-18-2.pdf",
    "passport_grinder": "Паспорт УШМ-125-1100.pdf",
    "passport_rotary_hammer": "Паспорт П-800-26.pdf",
    "safety_foam": "Паспорт безопасности, монтажная пена.pdf",
}
PICTURE_NAMES = {
    "battery": "Аккумулятор",
    "box": "Упаковка",
    "case_power": "Кейс",
    "dim_bolt": "Размеры",
    "dim_bolt_partial": "Размеры",
    "dim_nut": "Размеры",
    "dim_screw": "Размеры",
    "dim_washer": "Размеры",
    "pack_bolts": "Упаковка",
    "scheme_anchor": "Схема установки",
    "size_gloves": "Размеры",
    "suit_back": "Вид сзади",
}
LINK_FIELDS = {
    "accessory": "accessory_product_ids",
    "alternative": "alternative_product_ids",
}
# Days since the goods that are not new came on the website.
OLD = 240


class B2bDemo(models.AbstractModel):
    """What the pages of demo goods show: pictures, documents, links, arrivals."""

    _inherit = "b2b.demo"

    @api.model
    def _setup_pictures(self):
        """Pictures from demo/picture_demo.csv: the first is the main one."""
        templates, extra = defaultdict(self.env["product.template"].browse), []
        for row in self._rows("picture_demo.csv"):
            template = self._ref(row["template"])
            if template.image_128:
                continue
            main, *others = row["pictures"].split()
            templates[main] |= template
            extra += [(template, name) for name in others]
        data = {
            name: base64.b64encode(self._read(f"images/{name}.png"))
            for name in {*templates, *(name for _template, name in extra)}
        }
        for name, records in templates.items():
            records.image_1920 = data[name]
        self.env["product.image"].create(
            [
                {
                    "name": PICTURE_NAMES.get(name, template.name),
                    "image_1920": data[name],
                    "product_tmpl_id": template.id,
                    "sequence": sequence,
                }
                for sequence, (template, name) in enumerate(extra)
            ]
        )

    @api.model
    def _setup_links(self):
        """What else fits, from demo/link_demo.csv."""
        links = defaultdict(list)
        for row in self._rows("link_demo.csv"):
            links[row["template"], row["kind"]].append(self._ref(row["other"]))
        for (name, kind), others in links.items():
            template, field = self._ref(name), LINK_FIELDS[kind]
            if template[field]:
                continue
            if kind == "accessory":
                others = [other.product_variant_id for other in others]
            template[field] = [Command.set([other.id for other in others])]

    @api.model
    def _setup_documents(self):
        """Certificates and passports, from demo/document_demo.csv."""
        documents = self.env["product.document"]
        known = {
            (document.res_id, document.name)
            for document in documents.search(
                [
                    ("res_model", "=", "product.template"),
                    ("name", "in", list(DOCUMENT_NAMES.values())),
                ]
            )
        }
        rows = [
            (self._ref(row["template"]), row["file"])
            for row in self._rows("document_demo.csv")
        ]
        data = {
            name: base64.b64encode(self._read(f"documents/{name}.pdf"))
            for name in {name for _template, name in rows}
        }
        documents.create(
            [
                {
                    "name": DOCUMENT_NAMES[name],
                    "res_model": "product.template",
                    "res_id": template.id,
                    "datas": data[name],
                    "mimetype": "application/pdf",
                    "shown_on_product_page": True,
                }
                for template, name in rows
                if (template.id, DOCUMENT_NAMES[name]) not in known
            ]
        )

    @api.model
    def _setup_novelties(self):
        """What came on the website these days, from demo/novelty_demo.csv."""
        now = fields.Datetime.now()
        rows = self._rows("novelty_demo.csv")
        new = {row["template"]: int(row["days_ago"]) for row in rows}
        goods = self._get_demo_templates().filtered("is_published")
        goods.publish_date = now - timedelta(days=OLD)
        for name, days in new.items():
            self._ref(name).publish_date = now - timedelta(days=days)

    # === ARRIVALS === #

    @api.model
    def _setup_receipts(self):
        """Goods on their way from suppliers, from demo/receipt_demo.csv."""
        rows = defaultdict(list)
        for row in self._rows("receipt_demo.csv"):
            if not self._ref(row["receipt"]):
                rows[row["receipt"], row["warehouse"], int(row["days"])].append(row)
        for (name, warehouse, days), lines in rows.items():
            receipt = self.env["stock.picking"].create(
                self._prepare_receipt(self._ref(f"warehouse_{warehouse}"), days, lines)
            )
            receipt.action_confirm()
            self._bind(name, receipt)

    def _prepare_receipt(self, warehouse, days, rows):
        """Values of a receipt in some `days`, on a weekday, at 9:00 in Moscow."""
        kind = warehouse.in_type_id
        target = kind.default_location_dest_id
        source = self.env.ref("stock.stock_location_suppliers")
        date = fields.Datetime.now().replace(hour=6, minute=0, second=0, microsecond=0)
        date += timedelta(days=days)
        date += timedelta(days=7 - date.weekday() if date.weekday() > 4 else 0)
        places = {"location_id": source.id, "location_dest_id": target.id}
        moves = []
        for row in rows:
            product = self._get_received(row)
            move = {
                "product_id": product.id,
                "product_uom": product.uom_id.id,
                "product_uom_qty": float(row["quantity"]),
                "date": date,
                "company_id": warehouse.company_id.id,
            }
            moves.append(Command.create(move | places))
        return places | {
            "picking_type_id": kind.id,
            "partner_id": self._ref("partner_supplier_demo").id,
            "company_id": warehouse.company_id.id,
            "scheduled_date": date,
            "move_ids": moves,
        }

    def _get_received(self, row):
        """The variant that a row of demo/receipt_demo.csv means."""
        if not row["values"]:
            return self._ref(row["template"]).product_variant_id
        pairs = self._split_values(row)
        wanted = {row["template"]: [attribute for attribute, _name in pairs]}
        return self._get_variants(wanted)[row["template"], row["values"]]
