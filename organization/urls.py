"""Addresses of the organisation, cut by noun."""

from django.urls import path

from organization.views import authority, cases, committees, relations, roles, staff, units

app_name = "organization"
urlpatterns = [
    path("units/", units.unit_list, name="units"),
    path("units/opening/", units.unit_opening, name="unit_opening"),
    path("units/<int:pk>/name/", units.unit_rename, name="unit_rename"),
    path("units/<int:pk>/place/", units.unit_move, name="unit_move"),
    path("units/<int:pk>/closing/", units.unit_closing, name="unit_closing"),
    path(
        "units/changes/<int:pk>/withdrawal/",
        units.unit_change_withdrawal,
        name="unit_change_withdrawal",
    ),
    path("staff/", staff.staff_list, name="staff"),
    path("staff/appointment/", staff.appointment, name="appointment"),
    path("staff/<int:pk>/", staff.person, name="person"),
    path("staff/<int:pk>/orders/", staff.order, name="order"),
    path("staff/orders/<int:pk>/withdrawal/", staff.order_withdrawal, name="order_withdrawal"),
    path("staff/<int:pk>/visit/", staff.visit, name="visit"),
    path("staff/<int:pk>/posts/", staff.post_holding, name="post_holding"),
    path("staff/<int:pk>/certificates/", staff.certificate, name="certificate"),
    path("staff/<int:pk>/roles/", staff.role_assignment, name="role_assignment"),
    path("staff/roles/<int:pk>/end/", staff.assignment_end, name="assignment_end"),
    path("posts/", staff.post_list, name="posts"),
    path("roles/", roles.role_list, name="roles"),
    path("roles/proposal/", roles.role_proposal, name="role_proposal"),
    path("roles/<int:pk>/", roles.role, name="role"),
    path("roles/definitions/<int:pk>/", roles.definition, name="definition"),
    path("recertification/", roles.recertification_list, name="recertifications"),
    path("recertification/opening/", roles.recertification_opening, name="recertification_opening"),
    path("recertification/<int:pk>/", roles.recertification_detail, name="recertification"),
    path("recertification/lines/<int:pk>/", roles.certification, name="certification"),
    # grants
    path("authority/grants/", authority.grant_list, name="grants"),
    path("authority/grants/proposal/", authority.grant_proposal, name="grant_proposal"),
    path("authority/grants/<int:pk>/", authority.grant_detail, name="grant"),
    path("authority/grants/<int:pk>/decision/", authority.grant_decision, name="grant_decision"),
    path(
        "authority/grants/<int:pk>/revocation/", authority.grant_revocation, name="grant_revocation"
    ),
    path("authority/grants/<int:pk>/review/", authority.grant_review, name="grant_review"),
    # delegations
    path("authority/delegations/", authority.delegation_list, name="delegations"),
    path("authority/delegations/new/", authority.delegation_create, name="delegation_create"),
    path(
        "authority/delegations/<int:pk>/revocation/",
        authority.delegation_revocation,
        name="delegation_revocation",
    ),
    # who could sign
    path("authority/signers/", authority.signer_list, name="signers"),
    # cases
    path("authority/cases/", cases.case_list, name="cases"),
    path("authority/cases/new/", cases.case_create, name="case_create"),
    path("authority/cases/<int:pk>/", cases.case_detail, name="case"),
    path("authority/cases/<int:pk>/decision/", cases.case_decision, name="case_decision"),
    path("authority/cases/<int:pk>/withdrawal/", cases.case_withdrawal, name="case_withdrawal"),
    path(
        "authority/cases/<int:pk>/resubmission/", cases.case_resubmission, name="case_resubmission"
    ),
    path("authority/cases/<int:pk>/files/<int:file_pk>/", cases.case_file, name="case_file"),
    path(
        "authority/cases/<int:pk>/resolution/", committees.case_resolution, name="case_resolution"
    ),
    # recusal
    path("authority/relations/", relations.relation_list, name="relations"),
    path(
        "authority/relations/<int:pk>/release/", relations.relation_release, name="relation_release"
    ),
    path("authority/relations/identities/", relations.identity_create, name="identity_create"),
    path(
        "authority/relations/identities/<int:pk>/release/",
        relations.identity_release,
        name="identity_release",
    ),
    path("authority/releases/", relations.release_list, name="releases"),
    path(
        "authority/releases/<int:pk>/decision/",
        relations.release_decision,
        name="release_decision",
    ),
    # committees
    path("authority/committees/", committees.committee_list, name="committees"),
    path("authority/committees/new/", committees.committee_create, name="committee_create"),
    path("authority/committees/<int:pk>/", committees.committee_detail, name="committee"),
    path(
        "authority/committees/<int:pk>/approval/",
        committees.committee_approval,
        name="committee_approval",
    ),
    path("authority/committees/<int:pk>/end/", committees.committee_end, name="committee_end"),
    path("authority/committees/<int:pk>/seats/", committees.seat_create, name="seat_create"),
    path(
        "authority/committees/<int:pk>/seats/<int:seat_pk>/end/",
        committees.seat_end,
        name="seat_end",
    ),
    path("authority/resolutions/<int:pk>/", committees.resolution_detail, name="resolution"),
    path(
        "authority/resolutions/<int:pk>/votes/", committees.resolution_vote, name="resolution_vote"
    ),
    path(
        "authority/resolutions/<int:pk>/closing/",
        committees.resolution_closing,
        name="resolution_closing",
    ),
    path(
        "authority/resolutions/<int:pk>/materials/",
        committees.resolution_material,
        name="resolution_material",
    ),
    path(
        "authority/resolutions/<int:pk>/files/<int:file_pk>/",
        committees.resolution_file,
        name="resolution_file",
    ),
]
