"""Addresses of the audit trail and of evidence."""

from django.urls import path

from desk.views import audit, evidence, public_check

urlpatterns = [
    path("audit/", audit.audit_list, name="audit"),
    path("audit/<int:pk>/", audit.audit_record, name="audit_record"),
    path("evidence/chain/", evidence.chain, name="chain"),
    path("evidence/chain/verification/", evidence.chain_verification, name="chain_verification"),
    path("evidence/chain/heads/<int:serial>.json", evidence.chain_head, name="chain_head"),
    path("evidence/packs/", evidence.pack_list, name="evidence_packs"),
    path("evidence/packs/<int:pk>/", evidence.pack_detail, name="evidence_pack"),
    path("evidence/packs/<int:pk>/file/", evidence.pack_file, name="evidence_pack_file"),
    path("evidence/packs/<int:pk>/release/", evidence.pack_release, name="evidence_pack_release"),
    path("evidence/objects/<str:label>/<int:pk>/", evidence.thing, name="evidence_object"),
    path(
        "evidence/objects/<str:label>/<int:pk>/packs/",
        evidence.pack_request,
        name="evidence_pack_request",
    ),
    path("public/evidence/", public_check.public_check, name="public_evidence_check"),
]
