"""Addresses of the organisation, cut by noun."""

from django.urls import path

from organization.views import roles, staff, units

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
]
