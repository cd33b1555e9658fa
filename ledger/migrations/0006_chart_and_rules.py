"""The chart of accounts and version 1 of every posting rule, as shipped.

Codes of four digits are those of the accounting standards' guide (企业会计准则——应用指南, 附录);
longer ones are sub-accounts of the house. Starter rules: finance decides on its own.
"""

import datetime as dt

from django.db import migrations

GUIDE, HOUSE = "企业会计准则——应用指南，附录：会计科目和主要账务处理", "本公司子目"
A, L, E, I, X = "asset", "liability", "equity", "income", "expense"
ACCOUNTS = [  # code, name, English name, kind, stands for a sub-ledger
    ("1002", "银行存款", "Cash at bank", A, False),
    ("112201", "应收保费——未到期", "Premium receivable, not yet due", A, True),
    ("112202", "应收保费——已到期", "Premium receivable, due", A, True),
    ("112203", "应收保费——逾期", "Premium receivable, overdue", A, True),
    ("1201", "应收代位追偿款", "Subrogation receivable", A, True),
    ("1211", "应收分保账款", "Receivable from reinsurers", A, True),
    ("121201", "应收分保未到期责任准备金", "Reinsurers' share of unearned premium reserve", A, True),
    ("121202", "应收分保未决赔款准备金", "Reinsurers' share of outstanding claims reserve", A, True),
    ("1221", "其他应收款", "Other receivables", A, False),
    ("123101", "坏账准备——应收代位追偿款", "Allowance for subrogation receivable", A, True),
    ("123102", "坏账准备——应收保费", "Allowance for premium receivable", A, False),
    ("2202", "应付手续费及佣金", "Fees and commission payable", L, True),
    ("2203", "预收保费", "Premium received in advance", L, True),
    ("2205", "应付赔付款", "Claims payable", L, True),
    ("2211", "应付职工薪酬", "Salaries payable", L, False),
    ("2221", "应交税费", "Taxes payable", L, False),
    ("2241", "其他应付款", "Other payables", L, False),
    ("224101", "其他应付款——应付退保费", "Premium refunds payable", L, True),
    ("2261", "应付分保账款", "Payable to reinsurers", L, True),
    ("2601", "未到期责任准备金", "Unearned premium reserve", L, True),
    ("260201", "未决赔款准备金", "Outstanding claims reserve", L, True),
    ("4103", "本年利润", "Profit of the year", E, False),
    ("4104", "利润分配——未分配利润", "Retained earnings", E, False),
    ("603101", "保费收入——原保险合同", "Premium income, direct", I, False),
    ("603102", "保费收入——分保费收入", "Premium income, inward reinsurance", I, False),
    ("620101", "摊回未决赔款准备金", "Outstanding claims reserve recovered from reinsurers", I, False),
    ("6202", "摊回赔付支出", "Claims recovered from reinsurers", I, False),
    ("6203", "摊回分保费用", "Reinsurance commission recovered", I, False),
    ("6403", "税金及附加", "Taxes and surcharges", X, False),
    ("6421", "手续费及佣金支出", "Fees and commission expense", X, False),
    ("6501", "提取未到期责任准备金", "Change in unearned premium reserve", X, False),
    ("650201", "提取未决赔款准备金", "Change in outstanding claims reserve", X, False),
    ("651101", "赔付支出——原保险合同", "Claims paid, direct", X, False),
    ("651102", "赔付支出——追偿款收入", "Recovery income (set off against claims)", X, False),
    ("651103", "赔付支出——分保赔付支出", "Claims paid, inward reinsurance", X, False),
    ("6541", "分出保费", "Premium ceded", X, False),
    ("6542", "分保费用", "Inward reinsurance expense", X, False),
    ("6601", "业务及管理费", "Operating and administrative expense", X, False),
    ("6701", "资产减值损失", "Impairment losses", X, False),
]
RULES = {  # event: (amount, debit, credit) …
    "balances_brought_forward": [
        ("bank", "1002", "4104"), ("premium_receivable", "112201", "4104"),
        ("premium_due", "112202", "4104"), ("premium_overdue", "112203", "4104"),
        ("premium_in_advance", "4104", "2203"), ("subrogation", "1201", "4104"),
        ("subrogation_allowance", "4104", "123101"), ("ri_receivable", "1211", "4104"),
        ("ri_payable", "4104", "2261"), ("claims_payable", "4104", "2205"),
        ("unearned_premium", "4104", "2601"), ("ri_unearned_premium", "121201", "4104"),
        ("claim_reserve", "4104", "260201"), ("ri_claim_reserve", "121202", "4104"),
    ],
    "policy_issued": [("premium", "112201", "603101"), ("vat", "112201", "2221")],
    "premium_due": [("amount", "112202", "112201")],
    "premium_received": [
        ("not_due", "1002", "112201"), ("due", "1002", "112202"),
        ("overdue", "1002", "112203"), ("in_advance", "1002", "2203"),
    ],
    "premium_overdue": [("amount", "112203", "112202")],
    "premium_written_off": [("amount", "6701", "112203")],
    "policy_cancelled": [
        ("not_due", "603101", "112201"), ("due", "603101", "112202"),
        ("overdue", "603101", "112203"), ("refund", "603101", "224101"),
        ("vat_not_due", "2221", "112201"), ("vat_refund", "2221", "224101"),
    ],
    "premium_refund": [("amount", "224101", "1002")],
    "commission": [("amount", "6421", "2202")],
    "commission_paid": [("amount", "2202", "1002")],
    "ceded_premium": [("amount", "6541", "2261")],
    "ceding_commission": [("amount", "1211", "6203")],
    "ceded_claim": [("amount", "1211", "6202")],
    "ri_settled": [("paid", "2261", "1002"), ("received", "1002", "1211")],
    "inward_ri": [
        ("premium", "1211", "603102"), ("expense", "6542", "2261"), ("claim", "651103", "2261"),
    ],
    "unearned_premium": [("change", "6501", "2601")],
    "ri_unearned_premium": [("change", "121201", "6501")],
    "claim_reserve": [("change", "650201", "260201")],
    "ri_claim_reserve": [("change", "121202", "620101")],
    "claim_approved": [("amount", "651101", "2205")],
    "claim_paid": [("amount", "2205", "1002")],
    "subrogation_recognised": [("amount", "1201", "651102")],
    "subrogation_impaired": [("change", "6701", "123101")],
    "subrogation_written_off": [("amount", "123101", "1201")],
    "recovery_received": [("recognised", "1002", "1201"), ("unrecognised", "1002", "651102")],
    "recovery_ceded": [("amount", "6202", "2261")],
}  # fmt: skip


def seed(apps, schema_editor):
    account, rule = (apps.get_model("ledger", name) for name in ("Account", "PostingRule"))
    account.objects.bulk_create(
        account(
            code=code,
            name=name,
            name_en=name_en,
            kind=kind,
            is_control=is_control,
            source=GUIDE if len(code) == 4 else HOUSE,
        )
        for code, name, name_en, kind, is_control in ACCOUNTS
    )
    long_ago = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    rule.objects.bulk_create(
        rule(
            event=event,
            version=1,
            valid_from=dt.date(2000, 1, 1),
            lines=[
                {"side": side, "account": code, "amount": amount}
                for amount, debit, credit in lines
                for side, code in (("debit", debit), ("credit", credit))
            ],
            status="approved",
            reason="Starter posting rule; finance decides on its own.",
            decided_at=long_ago,
        )
        for event, lines in RULES.items()
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_book_held")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
