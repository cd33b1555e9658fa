"""Words of the organisation."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UnitKind(models.TextChoices):
    HEAD_OFFICE = "head_office", _("Head office")
    BRANCH = "branch", _("Branch")
    SUB_BRANCH = "sub_branch", _("Sub-branch")


class RoleKind(models.TextChoices):
    """Three administrators 三员 see no business and share nothing; a regulator only reads."""

    BUSINESS = "business", _("Business")
    SYSTEM = "system", _("System administrator")
    SECURITY = "security", _("Security administrator")
    AUDIT = "audit", _("Audit administrator")
    REGULATOR = "regulator", _("Regulator")


class DeviceClass(models.TextChoices):
    PC = "pc", _("Computer")
    APP = "app", _("Phone or app")


class Standing(models.TextChoices):
    """How a person stands to the house; only who works here may sign in."""

    WORKING = "working", _("Working")
    ON_LEAVE = "on_leave", _("On leave")
    LEFT = "left", _("Left")


class UnitChangeKind(models.TextChoices):
    RENAME = "rename", _("Rename")
    MOVE = "move", _("Move")
    CLOSE = "close", _("Close the unit")


class PersonnelKind(models.TextChoices):
    APPOINT = "appoint", _("Appointment")
    TRANSFER = "transfer", _("Transfer")
    LEAVE = "leave", _("Leave of absence")
    RETURN = "return", _("Return from leave")
    DISMISS = "dismiss", _("Leaving")
    REHIRE = "rehire", _("Re-hire")


class DefinitionStatus(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class CertificationDecision(models.TextChoices):
    PENDING = "pending", _("To be certified")
    CONFIRMED = "confirmed", _("Confirmed")
    REVOKED = "revoked", _("Revoked")
    SUSPENDED = "suspended", _("Suspended: not certified in time")


class WorkKind(models.TextChoices):
    """What waits for somebody. The column holds any text; those listed here have a word."""

    WARNING_HANDLING = "warning_handling", _("Warning to handle")
    WARNING_REVIEW = "warning_review", _("Disposal to review")
    WARNING_CLOSING = "warning_closing", _("Warning to close")
    THRESHOLDS_APPROVAL = "thresholds_approval", _("Thresholds to approve")
    NAMES_CONFIRMATION = "names_confirmation", _("Names to confirm")
    FINANCE_SIGN_OFF = "finance_sign_off", _("Finance figures to sign off")
    QUOTE_ISSUE = "quote_issue", _("Quote to issue a policy from")
    ENDORSEMENT_APPROVAL = "endorsement_approval", _("Endorsement to approve")
    PREMIUM_CORRECTION = "premium_correction", _("Correction of a premium to approve")
    INSURED_CONFIRMATION = "insured_confirmation", _("Assignment and account to confirm")
    OBLIGOR_NOTICE = "obligor_notice", _("Notice to the obligor to prove")
    VOUCHER_APPROVAL = "voucher_approval", _("Voucher to approve")
    POSTING_RULE_APPROVAL = "posting_rule_approval", _("Posting rule to approve")
    BOOKS_CLOSING = "books_closing", _("Closing of the books to confirm")
    TREATY_APPROVAL = "treaty_approval", _("Reinsurance treaty to approve")
    LICENCE_APPROVAL = "licence_approval", _("Licence of a lender to approve")
    REPORT_REVIEW = "report_review", _("Report to review")
    REPORT_RELEASE = "report_release", _("Report to release")
    ROLE_APPROVAL = "role_approval", _("Role definition to approve")
    ROLES_ASSIGNMENT = "roles_assignment", _("Roles to assign")
    RECERTIFICATION = "recertification", _("Access to recertify")
    SIGN_IN_APPROVAL = "sign_in_approval", _("Limits of signing in to approve")
    # authority
    GRANT_APPROVAL = "grant_approval", _("Authority to approve")
    EMERGENCY_REVIEW = "emergency_review", _("Emergency grant to review")
    COMMITTEE_APPROVAL = "committee_approval", _("Committee to approve")
    CASE_DECISION = "case_decision", _("Case to decide")
    CASE_REWORK = "case_rework", _("Returned case to rework")
    RELEASE_DECISION = "release_decision", _("Release from staying out to confirm")
    COMMITTEE_VOTE = "committee_vote", _("Vote to cast")
    VOTE_COUNT = "vote_count", _("Votes to count")
    # products
    FORMULA_REVIEW = "formula_review", _("Premium formula to review")
    PRODUCT_SALE = "product_sale", _("Approved product to put on sale")
    CLAUSE_APPROVAL = "clause_approval", _("Special clause to approve")
    PRODUCT_REVIEW_DUE = "product_review_due", _("Product to review")
    PRODUCT_REVIEW = "product_review", _("Product review to confirm")
    # personal data
    EXPORT_APPROVAL = "export_approval", _("Export to approve")
    DELETION_APPROVAL = "deletion_approval", _("Deletion to approve")
    RULE_APPROVAL = "rule_approval", _("Retention rule to approve")
    PERSON_REQUEST = "person_request", _("Person's request to answer")
    ALERT_CONCLUSION = "alert_conclusion", _("Alert on personal data to conclude")
    WORDS_APPROVAL = "words_approval", _("Words of messages to approve")
    KEY_ROTATION = "key_rotation", _("Rotation of keys to approve")
    # registers
    PARAMETER_APPROVAL = "parameter_approval", _("Parameter to approve")
    CALENDAR_APPROVAL = "calendar_approval", _("Calendar to approve")
    POLICY_PUBLICATION = "policy_publication", _("Policy to publish")
    POLICY_REVIEW = "policy_review", _("Policy to review")
    SELF_CHECK_ANSWER = "self_check_answer", _("Self-check to answer")
    SELF_CHECK_SIGN_OFF = "self_check_sign_off", _("Self-check to sign off")
    INSPECTION = "inspection", _("Inspection to carry out")
    FINDING_RECTIFICATION = "finding_rectification", _("Finding to put right")
    FINDING_VERIFICATION = "finding_verification", _("Finding to verify")
    INCIDENT_HANDLING = "incident_handling", _("Incident to handle")
    INCIDENT_CLOSING = "incident_closing", _("Incident to close")


class WorkAction(models.TextChoices):
    TAKE = "take", _("Taken")
    HAND_OVER = "hand_over", _("Handed over")
    TO_TEAM = "to_team", _("Given back to the team")
    COPY = "copy", _("Copied to")


class Permission(models.TextChoices):
    """What a role may do. Where it may do so is the scope: the person's unit and what is below."""

    VIEW_PORTFOLIO = "view_portfolio", _("View dashboard, loans and indicators")
    LOAD_FILES = "load_files", _("Load lender files")
    CONFIRM_NAMES = "confirm_names", _("Confirm names of branches, channels and products")
    CLOSE_MONTH = "close_month", _("Close and restate months")
    IMPORT_FINANCE = "import_finance", _("Import finance figures")
    SIGN_OFF_FINANCE = "sign_off_finance", _("Sign off finance figures")
    # policies
    QUOTE_POLICIES = "quote_policies", _("Quote policies and ask for endorsements")
    ISSUE_POLICIES = "issue_policies", _("Issue, endorse and end policies")
    RECEIVE_PREMIUMS = "receive_premiums", _("Receive premiums and pay refunds")
    # the books
    VIEW_BOOKS = "view_books", _("View the books")
    POST_VOUCHERS = "post_vouchers", _("Draft vouchers, posting rules and month closings")
    APPROVE_VOUCHERS = "approve_vouchers", _("Approve vouchers and posting rules")
    CLOSE_BOOKS = "close_books", _("Confirm the closing of a month of the books")
    # cessions
    VIEW_CESSIONS = "view_cessions", _("View treaties, cessions and retained exposure")
    PROPOSE_TREATIES = (
        "propose_treaties",
        _("Propose treaties, place certificates, set co-insurance"),
    )
    APPROVE_TREATIES = "approve_treaties", _("Approve reinsurance treaties")
    # lenders
    PROPOSE_LICENCES = "propose_licences", _("Propose licences of lenders")
    APPROVE_LICENCES = "approve_licences", _("Approve licences of lenders")
    PROPOSE_THRESHOLDS = "propose_thresholds", _("Propose thresholds")
    APPROVE_THRESHOLDS = "approve_thresholds", _("Approve thresholds")
    HANDLE_WARNINGS = "handle_warnings", _("Acknowledge and dispose of warnings")
    REVIEW_WARNINGS = "review_warnings", _("Review and close warnings")
    DRAFT_REPORT = "draft_report", _("Draft the quarterly report")
    REVIEW_REPORT = "review_report", _("Review the quarterly report")
    RELEASE_REPORT = "release_report", _("Release the quarterly report")
    EXPORT = "export", _("Export to Excel")
    # products
    EDIT_PRODUCTS = "edit_products", _("Draft products and put them to the committee")
    REVIEW_PRODUCTS = "review_products", _("Review formulas, clauses and product reviews")
    SELL_PRODUCTS = "sell_products", _("Put products on sale and stop them")
    # the system administrator's
    MANAGE_UNITS = "manage_units", _("Open, move and close units")
    MANAGE_STAFF = "manage_staff", _("Appoint, transfer and dismiss staff")
    # the security administrator's
    DEFINE_ROLES = "define_roles", _("Define roles")
    ASSIGN_ROLES = "assign_roles", _("Assign roles")
    MANAGE_SIGN_IN = "manage_sign_in", _("Set sign-in limits and end sessions")
    VIEW_SECURITY_LOG = "view_security_log", _("View the security log")
    ROTATE_KEYS = "rotate_keys", _("Rotate keys")
    VIEW_ACTIVITY = "view_activity", _("See who of the unit is at work")
    # the audit administrator's
    SEARCH_AUDIT = "search_audit", _("Search the audit trail")
    VERIFY_CHAIN = "verify_chain", _("Verify the evidence chain")
    # the regulator's
    VIEW_RELEASED = "view_released", _("View released reports and evidence packs")
    # authority
    VIEW_AUTHORITY = "view_authority", _("View authority and ask who could sign")
    PROPOSE_AUTHORITY = "propose_authority", _("Propose authority grants")
    APPROVE_AUTHORITY = "approve_authority", _("Approve and revoke authority grants")
    SIGN_CASES = "sign_cases", _("Decide cases within authority")
    RUN_COMMITTEES = "run_committees", _("Convene committees and record resolutions")
    CERTIFY_ACCESS = "certify_access", _("Recertify the access of staff")
    # parameters, registers
    PROPOSE_PARAMETERS = "propose_parameters", _("Propose regulatory parameters")
    APPROVE_PARAMETERS = "approve_parameters", _("Approve regulatory parameters")
    MAINTAIN_CALENDAR = "maintain_calendar", _("Maintain the working-day calendar")
    MAINTAIN_REGISTERS = "maintain_registers", _("Maintain governance registers")
    APPROVE_REGISTERS = "approve_registers", _("Approve policies and close findings")
    SELF_CHECK = "self_check", _("Answer self-checks and rectify findings")
    HANDLE_INCIDENTS = "handle_incidents", _("Handle incidents")
    MANAGE_TEMPLATES = "manage_templates", _("Edit message templates")
    # personal data and evidence
    UNMASK = "unmask", _("Reveal personal data of one record, with a reason")
    APPROVE_EXPORT = "approve_export", _("Approve exports")
    MANAGE_RETENTION = (
        "manage_retention",
        _("Hold, release and delete records at the end of their time"),
    )
    ANSWER_PERSONS = "answer_persons", _("Answer personal-information requests")
    MAKE_EVIDENCE = "make_evidence", _("Make evidence packs")


ADMINISTRATION: dict[RoleKind, frozenset[Permission]] = {
    RoleKind.SYSTEM: frozenset({Permission.MANAGE_UNITS, Permission.MANAGE_STAFF}),
    RoleKind.SECURITY: frozenset(
        {
            Permission.DEFINE_ROLES,
            Permission.ASSIGN_ROLES,
            Permission.MANAGE_SIGN_IN,
            Permission.VIEW_SECURITY_LOG,
            Permission.ROTATE_KEYS,
        }
    ),
    RoleKind.AUDIT: frozenset({Permission.SEARCH_AUDIT, Permission.VERIFY_CHAIN}),
    RoleKind.REGULATOR: frozenset({Permission.VIEW_RELEASED}),
}

# What only people of the head office may do, whatever their roles say. Source: PRE-11a, PRE-11b.
HEAD_OFFICE_ONLY: frozenset[Permission] = frozenset().union(*ADMINISTRATION.values()) | {
    Permission.LOAD_FILES,
    Permission.CONFIRM_NAMES,
    Permission.CLOSE_MONTH,
    Permission.IMPORT_FINANCE,
    Permission.SIGN_OFF_FINANCE,
    Permission.VIEW_BOOKS,
    Permission.POST_VOUCHERS,
    Permission.APPROVE_VOUCHERS,
    Permission.CLOSE_BOOKS,
    Permission.EDIT_PRODUCTS,
    Permission.REVIEW_PRODUCTS,
    Permission.SELL_PRODUCTS,
    Permission.PROPOSE_TREATIES,
    Permission.APPROVE_TREATIES,
    Permission.PROPOSE_LICENCES,
    Permission.APPROVE_LICENCES,
    Permission.PROPOSE_THRESHOLDS,
    Permission.APPROVE_THRESHOLDS,
    Permission.DRAFT_REPORT,
    Permission.REVIEW_REPORT,
    Permission.RELEASE_REPORT,
    Permission.PROPOSE_AUTHORITY,
    Permission.APPROVE_AUTHORITY,
    Permission.CERTIFY_ACCESS,
    Permission.PROPOSE_PARAMETERS,
    Permission.APPROVE_PARAMETERS,
    Permission.MAINTAIN_CALENDAR,
    Permission.APPROVE_REGISTERS,
    Permission.MANAGE_TEMPLATES,
    Permission.MANAGE_RETENTION,
}

# authority: who may decide what


class GrantKind(models.TextChoices):
    STANDING = "standing", _("Standing grant")
    EMERGENCY = "emergency", _("Emergency grant")


class GrantStatus(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    REVOKED = "revoked", _("Revoked")


class ExceptionKind(models.TextChoices):
    """In what a case departs from the rules of its product; each must be granted by name."""

    PRICE_BELOW_FLOOR = "price_below_floor", _("Price below the floor")
    LTV_ABOVE_CAP = "ltv_above_cap", _("Loan-to-value above the cap")
    TERM_ABOVE_CAP = "term_above_cap", _("Term above the cap")
    ADMISSION = "admission", _("Admission standard not met")
    DOCUMENTS = "documents", _("Documents missing")
    CONTROL_LIFT = "control_lift", _("Lift a control on new business")


class CaseState(models.TextChoices):
    SUBMITTED = "submitted", _("Waiting for a decision")
    RETURNED = "returned", _("Returned to the maker")
    SIGNED = "signed", _("Signed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class DecisionOutcome(models.TextChoices):
    SIGN = "sign", _("Sign")
    RETURN = "return", _("Return to the maker")
    REFUSE = "refuse", _("Refuse")


class CasePartyKind(models.TextChoices):
    OBLIGOR = "obligor", _("Obligor")
    GUARANTOR = "guarantor", _("Guarantor")
    PARTNER = "partner", _("Partner")


class IdentityKind(models.TextChoices):
    """By what a person of the house is recognised in a case. Source: PRE-12e."""

    DOCUMENT = "document", _("Identity number")
    PHONE = "phone", _("Phone")
    ADDRESS = "address", _("Address")
    EMPLOYER = "employer", _("Employer")
    ACCOUNT = "account", _("Bank account")


class RelationKind(models.TextChoices):
    """Why somebody must stay out of a case. Source: PRE-12e."""

    SELF = "self", _("The person's own business")
    FAMILY = "family", _("Family")
    INTEREST = "interest", _("Financial interest")
    EMPLOYMENT = "employment", _("Present or former employment")
    OTHER = "other", _("Other relation")


class RecusalStage(models.TextChoices):
    SUBMISSION = "submission", _("Submission")
    ASSIGNMENT = "assignment", _("Assignment")
    SIGNING = "signing", pgettext_lazy("recusal", "Signing")
    VOTING = "voting", _("Voting")


class ReleaseGround(models.TextChoices):
    """Why what keeps somebody out should do so no more."""

    ENDED = "ended", _("It has ended")
    WRONG = "wrong", _("It was recorded wrongly")


class ReleaseStatus(models.TextChoices):
    """A release frees nobody before another person has confirmed it."""

    ASKED = "asked", _("Waits for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Refused")


class CommitteeKind(models.TextChoices):
    UNDERWRITING = "underwriting", _("Underwriting committee")
    RISK = "risk", _("Risk committee")
    CREDIT = "credit", _("Credit review committee")
    CLAIMS = "claims", _("Claims committee")
    PRODUCT = "product", _("Product review committee")


class VoteChoice(models.TextChoices):
    FOR = "for", _("For")
    AGAINST = "against", _("Against")
    ABSTAIN = "abstain", _("Abstention")


class ResolutionOutcome(models.TextChoices):
    OPEN = "open", _("Open")
    PASSED = "passed", _("Passed")
    REJECTED = "rejected", pgettext_lazy("vote", "Rejected")
    INQUORATE = "inquorate", _("No quorum")
