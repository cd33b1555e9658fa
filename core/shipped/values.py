"""Values of shipped parameters that are words, and the names inside tables."""

from django.utils.translation import gettext_noop as _

VALUES = (  # texts
    _("gross"),
    _("year_to_date"),
    _("nominal"),
    _("prohibited"),
    _("assignment ineffective to debtor until notified"),
    _(
        "on-chain data that verifies may be found untampered after chaining (rebuttable); "
        "pre-chain truth must be shown if challenged"
    ),
    _(
        "first receipt of claim and documents; excludes days from notice-received to "
        "supplement-received"
    ),
    _("one-time, prompt, complete list"),
    _(
        "real estate: right arises on registration; movables: unregistered not good against "
        "bona-fide third parties; receivables pledge: on registration; rank by registration "
        "time"
    ),
    _("agency list published on website"),
    _("agreed"),
    _(
        "only when debtor unreachable (invalid number, 3 failed contacts); no debt detail; "
        "related vs unrelated distinguished"
    ),
    _("findings"),
    _("basis"),
    _("reasons"),
    _("remedies"),
    _("external appraisal; mediation"),
    _("restarts on new material; repeats merged"),
    _("handler without direct interest"),
    _("a 2026 revision is rumoured in unverified material; confirm currency"),
    _("银行保险机构消费者权益保护管理办法, order 2022 No. 9"),
    _("written consent for reporting / for query with purpose"),
    _("征信业务管理办法, PBOC order 2021 No. 4"),
    _("inform person before providing bad information"),
    _("not described in the list"),
    _("ID no., phone, balances, transactions"),
    _("authentication, biometrics"),
    _("GB/T 22239-2019, graded protection duty"),
    _("exclusive"),
    _("controlled"),
    _("signature change detectable"),
    _("text change detectable"),
    _("unexplained exclusion not effective; insurer proves"),
    _(
        "反保险欺诈工作办法 金规〔2024〕10号: system assessment reported; checks at "
        "underwriting & claims; no delay/groundless denial"
    ),
    _("interest may not be pre-deducted"),
    _("core business not outsourced"),
    _("no cover for funders without legal financing qualification"),
    _("stop financing business incl. renewals"),
    _("stop new business until back inside limit"),
    _("assignment where the underlying obligor changed"),
    _("non-public bonds; public bonds with issuer or issue rated below AA+"),
    _("financial derivatives"),
    _("ABS initiated by non-banks"),
    _("as regulator adds"),
    _("financing of controlling shareholder, subsidiaries, other related parties"),
    _("definition exists: direct business limited to credit/guarantee insurance"),
    _(
        "支付业务许可证; scope and area; no lease/lend/transfer; two kinds: stored-value / "
        "payment processing"
    ),
    _(
        "人民银行业务领域网络安全事件报告管理办法 (order 2025 No. 4), credit-reporting "
        "systems included"
    ),
    _(
        "transparent, fair, no unreasonable price difference; explanation; right to refuse "
        "sole-automated"
    ),
    _("immediate remedy, notify authority and individuals"),
    _("return or delete; no sub-entrusting without consent"),
    _("before sensitive data, automated decision, entrusting, providing"),
    _("sensitive data; provision to another handler"),
    _(
        "lender shows all-in cost table before signing: signature on site / pop-up with "
        "forced reading time online; covers credit-enhancement fee (金规〔2026〕2号)"
    ),
    _("min(legal ceiling by lender type, company policy)"),
    _(
        "does not apply to licensed financial institutions, nor to micro-loan, financing "
        "guarantee, leasing, factoring etc. (7 kinds)"
    ),
    _("applicant's consent first"),
    _("true, complete, continuous, faces/documents/signatures legible, no editing"),
    _("provincial branch or above; nobody else keeps copies"),
    _("contract end"),
    _("prohibited, incl. unavailable stand-alone choice"),
    _("next year"),
    _("next quarter"),
    _("allowed where policyholder ≠ insured caused the event"),
    _("the day the right is obtained"),
    _("obligor's payment to insured before notice discharges; after notice does not"),
    _(
        "银保监发〔2020〕26号: page-version management, operation trace; natural-person "
        "policyholders"
    ),
    _("from"),
    _("to"),
    _("unless"),
    _("first_report"),
    _("formal_report"),
    _("days_from_knowledge"),
    _("years_at_most"),
    _("others"),
    _("partner_technology"),
    _("sales_platform_and_core"),
    _("issued"),
    _("articles"),
    _("chapters"),
    _("published"),
    _("non_compliant"),
    _("transition_months"),
    _("term_over_one_year"),
    _("term_up_to_one_year"),
    _("after_dispute_at_least"),
    _("amount_yuan"),
    _("percent_of_net_assets"),
    _("small_from"),
    _("medium_from"),
    _("revenue"),
    _("assets"),
    _("headcount"),
    _("core"),
    _("rating"),
    _("comprehensive"),
    _("each_year_end"),
    _("each_quarter_end"),
    _("bank"),
    _("trust"),
    _("consumer_finance"),
    _("auto_finance"),
    _("leasing"),
    _("micro_loan"),
    _("financing_guarantee"),
    _("factoring"),
    _("pawn"),
    _("private"),
    _("LPR"),
)
