from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductsConfig(AppConfig):
    name = "products"

    def ready(self):
        from django.db.models import Q
        from django.urls import reverse

        from core import menu
        from core.evidence import register_builder
        from core.history import keep_history
        from core.invariants import register_effect
        from organization.events import resolution_closed
        from organization.selectors.committees import register_matter
        from organization.services.awaiting import declare
        from parties.services import keep_for_good
        from products.models import (
            Duty,
            DutySet,
            LibraryClause,
            PremiumFormula,
            PriceAssumption,
            ProductReview,
            ProductVersion,
            ReviewDue,
            TariffRow,
        )
        from products.permissions import may_see_products
        from products.services.waiting import WAITING
        from products.subscribers import take_resolution

        declare(*WAITING)
        register_builder(_builder())
        resolution_closed.connect(take_resolution)
        register_matter(
            ProductVersion._meta.label_lower, lambda pk: reverse("products:version", args=[pk])
        )
        keep_for_good("products.productversion.clauses_file", "products.productversion.rates_file")
        for model in (
            ProductVersion, TariffRow, PremiumFormula, PriceAssumption, LibraryClause,
            ProductReview, ReviewDue, DutySet, Duty,
        ):  # fmt: skip
            keep_history(model)
        register_effect(
            model=ProductVersion,
            when=Q(on_sale_at__isnull=False),
            action="products.version_put_on_sale",
        )
        register_effect(
            model=ProductVersion, when=Q(sold_at__isnull=False), action="products.version_sold"
        )
        for order, title, icon, page in (
            (150, _("Products"), "package", "versions"),
            (152, _("Pricing calculator"), "calculator", "calculator"),
            (154, _("Clause library"), "books", "clauses"),
            (156, _("Product reviews"), "checklist", "reviews"),
        ):
            menu.register(
                menu.Entry(
                    title=title,
                    icon=icon,
                    url_name=f"products:{page}",
                    order=order,
                    may_open=may_see_products,
                )
            )


def _builder():
    from django.urls import reverse

    from core.evidence import Builder
    from products.selectors import evidence

    return Builder(
        label="products.productversion",
        noun=_("Version of a product"),
        find=evidence.provable_version,
        name=evidence.version_title,
        build=evidence.version_pack,
        url=lambda version: reverse("products:version", args=[version.pk]),
    )
