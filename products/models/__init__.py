"""Products, their filed versions, formulas, rates, clauses and reviews."""

from products.models.assumptions import PriceAssumption
from products.models.catalog import Product, ProductVersion
from products.models.clauses import LibraryClause
from products.models.duties import Duty, DutySet
from products.models.formulas import PremiumFormula
from products.models.reviews import ProductReview, ReviewDue
from products.models.tariffs import TariffRow

__all__ = [
    "Duty", "DutySet", "LibraryClause", "PremiumFormula", "PriceAssumption", "Product",
    "ProductReview", "ProductVersion", "ReviewDue", "TariffRow",
]  # fmt: skip
