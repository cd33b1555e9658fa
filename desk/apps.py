from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "desk"

    def ready(self) -> None:
        from core import jobs, menu
        from core.services.packs import KIND
        from desk import tasks
        from desk.selectors.evidence import (
            VERIFY_KIND,
            may_search_audit,
            may_see_packs,
            may_verify_chain,
        )

        jobs.register(KIND, tasks.make_evidence_pack)
        jobs.register(VERIFY_KIND, tasks.verify_chain)
        for order, title, icon, page, may_open in (
            (80, _("Audit trail"), "list-search", "audit", may_search_audit),
            (82, _("Evidence chain"), "link", "chain", may_verify_chain),
            (84, _("Evidence packs"), "certificate", "evidence_packs", may_see_packs),
        ):
            menu.register(
                menu.Entry(
                    title=title,
                    icon=icon,
                    url_name=f"desk:{page}",
                    order=order,
                    may_open=may_open,
                )
            )
        menu.register(
            menu.Entry(
                title=_("Workbench"),
                icon="layout-dashboard",
                url_name="desk:home",
                order=0,
                may_open=lambda person: True,
            )
        )
