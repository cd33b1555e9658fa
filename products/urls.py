"""Addresses of the products."""

from django.urls import path

from products.views import (
    calculator,
    clauses,
    drafts,
    duties,
    lifecycle,
    refunds,
    reviews,
    tracking,
    versions,
)

app_name = "products"
urlpatterns = [
    path("versions/", versions.version_list, name="versions"),
    path("new/", drafts.product_create, name="create"),
    path("<int:pk>/duties/", duties.duties, name="duties"),
    path("calculator/", calculator.calculator, name="calculator"),
    path("clauses/", clauses.clause_list, name="clauses"),
    path("clauses/<int:pk>/decision/", clauses.clause_decision, name="clause_decision"),
    path("clauses/<int:pk>/withdrawal/", clauses.clause_withdrawal, name="clause_withdrawal"),
    path("reviews/", reviews.review_list, name="reviews"),
    path("reviews/<int:pk>/decision/", reviews.review_decision, name="review_decision"),
    path("versions/<int:pk>/", versions.version_detail, name="version"),
    path("versions/<int:pk>/difference/<int:other>/", versions.difference, name="difference"),
    path("versions/<int:pk>/terms/", drafts.terms, name="terms"),
    path("versions/<int:pk>/tariff/", drafts.tariff, name="tariff"),
    path("versions/<int:pk>/assumptions/", drafts.assumptions, name="assumptions"),
    path("versions/<int:pk>/tracking/", tracking.tracking, name="tracking"),
    path("versions/<int:pk>/refund/", refunds.refunds, name="refunds"),
    path("versions/<int:pk>/formula/", drafts.formula, name="formula"),
    path("versions/<int:pk>/formula/review/", lifecycle.formula_review, name="formula_review"),
    path("versions/<int:pk>/committee/", lifecycle.submission, name="submission"),
    path("versions/<int:pk>/sale/", lifecycle.sale, name="sale"),
    path("versions/<int:pk>/stop/", lifecycle.stop, name="stop"),
    path("versions/<int:pk>/revision/", lifecycle.revision, name="revision"),
    path("versions/<int:pk>/review/", reviews.review_create, name="review_create"),
]
