from django.apps import AppConfig
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"

    def ready(self):
        from core import menu
        from core.history import keep_history
        from core.invariants import register_effect
        from organization.services.awaiting import declare
        from partners.models import FunderLicence
        from partners.permissions import may_view_lenders
        from partners.services.waiting import WAITING

        declare(*WAITING)
        keep_history(FunderLicence)
        register_effect(model=FunderLicence, action="partners.licence_proposed")
        register_effect(
            model=FunderLicence, when=Q(status="approved"), action="partners.licence_approved"
        )
        menu.register(
            menu.Entry(
                title=_("Lenders"),
                icon="building-bank",
                url_name="partners:lenders",
                order=225,
                may_open=may_view_lenders,
            )
        )
