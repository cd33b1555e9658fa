"""Addresses of the books."""

from django.urls import path

from ledger.views import entries, figures, periods, posting_rules, vouchers

app_name = "ledger"
urlpatterns = [
    path("", figures.batch_list, name="batches"),
    path("new/", figures.batch_create, name="batch_create"),
    path("<int:pk>/", figures.batch_detail, name="batch"),
    path("<int:pk>/sign-off/", figures.sign_off, name="sign_off"),
    path("<int:pk>/withdrawal/", figures.withdrawal, name="withdrawal"),
    path("months/<str:month>/", figures.month_detail, name="month"),
    path("books/", entries.books, name="books"),
    path("books/months/<str:month>/", entries.trial_balance, name="trial_balance"),
    path(
        "books/months/<str:month>/accounts/<str:code>/",
        entries.account_lines,
        name="account_lines",
    ),
    path("books/months/<str:month>/entries/", entries.entry_list, name="entries"),
    path("books/months/<str:month>/export/", periods.month_export, name="month_export"),
    path("books/months/<str:month>/ratios/", periods.month_ratios, name="month_ratios"),
    path("books/months/<str:month>/closing/", periods.closing, name="closing"),
    path(
        "books/months/<str:month>/closing/preparation/",
        periods.closing_preparation,
        name="closing_preparation",
    ),
    path(
        "books/months/<str:month>/closing/confirmation/",
        periods.closing_confirmation,
        name="closing_confirmation",
    ),
    path("books/months/<str:month>/closing/return/", periods.closing_return, name="closing_return"),
    path("books/months/<str:month>/reconciliation/", periods.reconciliation, name="reconciliation"),
    path(
        "books/months/<str:month>/reconciliation/explanation/",
        periods.explanation,
        name="explanation",
    ),
    path("books/entries/<int:pk>/", entries.entry, name="entry"),
    path("books/entries/<int:pk>/reversal/", entries.reversal, name="reversal"),
    path("books/vouchers/", vouchers.voucher_list, name="vouchers"),
    path("books/vouchers/new/", vouchers.voucher_create, name="voucher_create"),
    path("books/vouchers/<int:pk>/", vouchers.voucher, name="voucher"),
    path("books/vouchers/<int:pk>/approval/", vouchers.voucher_approval, name="voucher_approval"),
    path("books/vouchers/<int:pk>/refusal/", vouchers.voucher_refusal, name="voucher_refusal"),
    path("books/rules/", posting_rules.rule_list, name="posting_rules"),
    path("books/rules/<int:pk>/", posting_rules.posting_rule, name="posting_rule"),
    path("books/rules/<int:pk>/approval/", posting_rules.rule_approval, name="rule_approval"),
    path("books/rules/<int:pk>/refusal/", posting_rules.rule_refusal, name="rule_refusal"),
    path("books/rules/<str:event>/proposal/", posting_rules.rule_proposal, name="rule_proposal"),
]
