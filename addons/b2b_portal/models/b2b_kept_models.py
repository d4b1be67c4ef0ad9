# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The tables whose rows are kept in memory: see ``b2b.kept.mixin``."""

from odoo import models


class AccountAccountTag(models.Model):
    _name = "account.account.tag"
    _inherit = ["account.account.tag", "b2b.kept.mixin"]


class AccountFiscalPosition(models.Model):
    _name = "account.fiscal.position"
    _inherit = ["account.fiscal.position", "b2b.kept.mixin"]


class AccountTax(models.Model):
    _name = "account.tax"
    _inherit = ["account.tax", "b2b.kept.mixin"]


class AccountTaxRepartitionLine(models.Model):
    _name = "account.tax.repartition.line"
    _inherit = ["account.tax.repartition.line", "b2b.kept.mixin"]


class ProductCategory(models.Model):
    _name = "product.category"
    _inherit = ["product.category", "b2b.kept.mixin"]


class ProductPricelist(models.Model):
    _name = "product.pricelist"
    _inherit = ["product.pricelist", "b2b.kept.mixin"]


class ProductPublicCategory(models.Model):
    _name = "product.public.category"
    _inherit = ["product.public.category", "b2b.kept.mixin"]


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "b2b.kept.mixin"]


class ResCountry(models.Model):
    _name = "res.country"
    _inherit = ["res.country", "b2b.kept.mixin"]


class ResCountryGroup(models.Model):
    _name = "res.country.group"
    _inherit = ["res.country.group", "b2b.kept.mixin"]


class ResCountryState(models.Model):
    _name = "res.country.state"
    _inherit = ["res.country.state", "b2b.kept.mixin"]


class ResCurrency(models.Model):
    _name = "res.currency"
    _inherit = ["res.currency", "b2b.kept.mixin"]


class StockLocation(models.Model):
    _name = "stock.location"
    _inherit = ["stock.location", "b2b.kept.mixin"]


class StockWarehouse(models.Model):
    _name = "stock.warehouse"
    _inherit = ["stock.warehouse", "b2b.kept.mixin"]


class UomUom(models.Model):
    _name = "uom.uom"
    _inherit = ["uom.uom", "b2b.kept.mixin"]


class Website(models.Model):
    _name = "website"
    _inherit = ["website", "b2b.kept.mixin"]


class B2bPermission(models.Model):
    _name = "b2b.permission"
    _inherit = ["b2b.permission", "b2b.kept.mixin"]


class B2bRole(models.Model):
    _name = "b2b.role"
    _inherit = ["b2b.role", "b2b.kept.mixin"]


class ResLang(models.Model):
    _name = "res.lang"
    _inherit = ["res.lang", "b2b.kept.mixin"]


class B2bAgreementWarehouse(models.Model):
    _name = "b2b.agreement.warehouse"
    _inherit = ["b2b.agreement.warehouse", "b2b.kept.mixin"]


class B2bQuantityRule(models.Model):
    _name = "b2b.quantity.rule"
    _inherit = ["b2b.quantity.rule", "b2b.kept.mixin"]


class B2bBrand(models.Model):
    _name = "b2b.brand"
    _inherit = ["b2b.brand", "b2b.kept.mixin"]


class B2bSegment(models.Model):
    _name = "b2b.segment"
    _inherit = ["b2b.segment", "b2b.kept.mixin"]
