"""Products, their filed versions, formulas, rates, clauses and reviews."""

from products.models.assumptions import PriceAssumption
from products.models.catalog import Product, ProductVersion
from products.models.clauses import LibraryClause
from products.models.formulas import PremiumFormula
from products.models.reviews import ProductReview
from products.models.tariffs import TariffRow

__all__ = [
    "LibraryClause", "PremiumFormula", "PriceAssumption", "Product", "ProductReview",
    "ProductVersion", "TariffRow",
]  # fmt: skip
