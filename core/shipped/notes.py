"""What shipped figures say in words."""

from django.utils.translation import gettext_noop as _

NOTES = (  # notes of shipped parameters
    _("+ 30, approved by superior body or HQ executive, complainant told"),
    _("1,000,000 per legal entity, internet business"),
    _("10 after agreement on amount"),
    _("15 from finding"),
    _("15 from receipt"),
    _("150 at each of the last two quarter-ends"),
    _("2 h first report, 24 h formal report"),
    _("2 years from knowledge of the event"),
    _("20 to verify and answer in writing, mark disputed meanwhile"),
    _("20 working days"),
    _("200,000 retained per person, internet personal business"),
    _("22:00–08:00 no collection unless agreed"),
    _("3 after assessment, with reasons"),
    _("3, all institutions + agencies together, per debtor"),
    _("30 / 30 (branch result → superior)"),
    _("30 after quarter end"),
    _("30 days from knowledge; none after 2 years"),
    _("4 × one-year LPR at contract date"),
    _(
        "5 chapters / 35 articles; transition 6 months; non-compliant insurers stop "
        "financing business incl. renewals"
    ),
    _("5 from end of the bad event"),
    _("5 y / 10 y from contract end; dispute: ≥ 2 y after end"),
    _("6 kinds / 8 behaviours"),
    _("6 when unanswered"),
    _("60 from claim + documents: pay undisputed amount first"),
    _("75 at each of the last two quarter-ends"),
    _(
        "JR/T 0171-2020: C3 (authentication, biometrics) / C2 (ID no., phone, balances, "
        "transactions) / C1"
    ),
    _("JR/T 0197-2020 levels (5…1)"),
    _("R: medium 500, small 50"),
    _("[A] sets no number; company SLA, default 3; status in the list: V (absence)"),
    _("annual retained premium ≤ 4 × capital + reserves"),
    _(
        "bank internet aid-lending: single-loan all-in cost ≤ 24 %, incl. "
        "credit-enhancement (guarantee/insurance) fees (金规〔2025〕9号 item 6)"
    ),
    _("by 30 April"),
    _("claim/recovery event → next working day (T+1) (PBOC 2nd-gen practice)"),
    _("core 50 / comprehensive 100 / rating ≥ B (general; 39号 is stricter)"),
    _("every quarter"),
    _("exclusive, controlled, signature change detectable, text change detectable"),
    _("findings, basis, reasons, remedies"),
    _("from the day the right is obtained; ordinary limitation 3 years"),
    _("identity and transaction records ≥ 10 after relationship/transaction end"),
    _("inclusive-SME ratio ≥ 30"),
    _("interest, compound, penalty, fees > 24 %/y reduced on request (法发〔2017〕22号)"),
    _("law silent; company default 5 before batch cut-off"),
    _("next quarter (each quarter end), next year (each year end)"),
    _("one risk unit ≤ 10 % of paid-in capital + reserves, excess ceded"),
    _(
        "other lines filed within 10 working days of use "
        "(财产保险公司保险条款和保险费率管理办法 2021 No. 10); guarantee > 1 y needs "
        "approval"
    ),
    _("overdue interest + penalty + fees together ≤ 4 × LPR (private lending)"),
    _("prompt; complex ≤ 30 unless contract agrees otherwise"),
    _("quarterly report summary"),
    _("records of providing/entrusting personal data ≥ 3"),
    _("required (4 gates)"),
    _("required, interval configurable, default 12"),
    _("sales platform + core systems ≥ level 3; others ≥ 2; partner tech ≥ 2"),
    _("same 5 y/10 y"),
    _("section 4"),
    _("PRE-02c"),
    _("PRE-02e, F12"),
    _("status in the list: V (3-year keep M-h)"),
    _("status in the list: V (art. text M-h)"),
    _("table by publication date (20th monthly); last known 3.00"),
    _("up to 6 × when threshold met"),
    _(
        "≤ 1 % of net assets for non-specialised insurers, obligor + related parties, "
        "financing business"
    ),
    _("≤ 1 y term: 5; > 1 y: 10, from contract end"),
    _("≤ 10 × net assets, end of previous quarter (all credit/guarantee business)"),
    _("≤ 4 × net assets end of previous quarter"),
    _("≤ 5 % of net assets end of previous quarter (obligor, with related parties)"),
    _("≤ 5 / ≥ 20 in person"),
    _("≥ 30 % of concluded deals, full-length, by staff separate from sales"),
    _("≥ 5 (消费金融公司管理办法, analogy)"),
    _("≥ 7 between collection cycles, same product (as reported; read the standard)"),
    _("≥ CNY 30 m and ≥ 1 % of last audited net assets, per party single or annual"),
    _("银行保险机构数据安全管理办法 金规〔2024〕24号; incident grades 特别重大/重大/较大/一般"),
)
CONTROLS = (  # titles of the internal controls
    _("Thresholds are proposed and approved by two people"),
    _("Whoever disposes of a warning does not review it"),
    _("A quarterly report is drafted reviewed and released by three people"),
    _("Reported figures are computed from frozen month-ends"),
    _("A policy without its mandatory clauses is not published"),
    _("Branches check themselves and another person signs off"),
    _("A finding is verified by somebody who did not rectify it"),
    _("Coverage of the branches by inspections is reported"),
    _("Incidents are reported against clocks"),
    _("A broken evidence chain opens an incident"),
    _("A regulatory parameter is approved by somebody who did not propose it"),
    _("Regulations are looked up again within the time the parameter says"),
    _("A large or unmasked export is approved by another person"),
    _("An identity is revealed one at a time with a reason and within a quota"),
    _("Originals are deleted by two people with proof and never early"),
    _("A retention rule is approved by another person and never below the law"),
    _("An evidence pack is verified without Xinbao and names a changed file"),
)
