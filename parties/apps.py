from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PartiesConfig(AppConfig):
    name = "parties"

    def ready(self):
        from core import jobs, menu, notices
        from organization.enums import Permission
        from organization.events import identities_asked_about, parties_asked_about
        from organization.permissions import may
        from organization.services.awaiting import declare
        from parties import (
            permissions,
            subscribers,  # noqa: F401  (connects the receivers)
            tasks,
        )
        from parties.enums import RecordKind
        from parties.services import keep_for_good, register_source
        from parties.services.exports import KIND
        from parties.services.mapping import every_kept_file_has_a_rule
        from parties.services.retention import export_files_ended
        from parties.services.waiting import WAITING

        declare(*WAITING)
        from parties.subscribers import party_of_request, same_parties

        identities_asked_about.connect(same_parties)
        parties_asked_about.connect(party_of_request)
        checks.register(every_kept_file_has_a_rule)
        self._make_provable()
        for notice in _notices():
            notices.register(notice)
        jobs.register(KIND, tasks.make_export)
        jobs.register(tasks.RETENTION_KIND, tasks.compute_days_of_deletion)
        register_source(RecordKind.EXPORT_FILE, export_files_ended, "parties.export.stored")
        keep_for_good("core.storedfile.copy")  # goes with its original
        keep_for_good("core.evidencepack.stored")  # proof outlives what it proves
        keep_for_good(  # decisions of the house, until a rule for them is named
            "organization.casefile.stored",
            "organization.declaredrelation.evidence",
            "organization.resolutionfile.stored",
        )
        for order, title, icon, page, may_open in (
            (20, _("Exports"), "file-export", "exports", permissions.may_see_exports),
            (
                440,
                _("Use of personal data"),
                "eye-exclamation",
                "use",
                lambda staff: permissions.may_watch_use(staff) or permissions.may_reveal(staff),
            ),
            (450, _("Retention"), "archive", "retention", permissions.may_keep),
            (
                460,
                _("Requests of persons"),
                "user-question",
                "requests",
                lambda staff: may(staff, Permission.ANSWER_PERSONS),
            ),
        ):
            menu.register(
                menu.Entry(
                    title=title,
                    icon=icon,
                    url_name=f"parties:{page}",
                    order=order,
                    may_open=may_open,
                )
            )

    def _make_provable(self):
        from django.urls import reverse

        from core.evidence import Builder, register_builder
        from parties.selectors import evidence

        register_builder(
            Builder(
                label="parties.deletionlist",
                noun=_("List of deletion"),
                find=evidence.provable_deletion,
                name=evidence.deletion_title,
                build=evidence.deletion_pack,
                url=lambda deletion: reverse("parties:deletion", args=[deletion.pk]),
            )
        )
        register_builder(
            Builder(
                label="parties.export",
                noun=_("Export"),
                find=evidence.provable_export,
                name=evidence.export_title,
                build=evidence.export_pack,
                url=lambda export: reverse("parties:export", args=[export.pk]),
            )
        )
        register_builder(
            Builder(
                label="parties.retentionrule",
                noun=_("Retention rule"),
                find=evidence.provable_rule,
                name=evidence.rule_title,
                build=evidence.rule_pack,
                url=lambda rule: reverse("parties:rule", args=[rule.pk]),
            )
        )


def _notices():
    from core.notices import Notice

    order = {"title": "2026-02 · M1", "number": "EX00000012"}
    decision = {"decision": pgettext_lazy("export", "approved")}
    yield Notice(
        code="export_decided", title=_("An export of mine was decided"), samples=order | decision
    )
    yield Notice(
        code="export_ready", title=_("An export of mine is ready"), samples=order | {"days": "7"}
    )
