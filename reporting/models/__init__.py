"""Quarterly reports and the governance registers, cut by noun."""

from reporting.models.controls import InternalControl
from reporting.models.incidents import Incident, IncidentClock, IncidentStep
from reporting.models.policies import PolicyDocument, PolicyVersion
from reporting.models.regulations import Regulation, RegulationArticle, RegulationCheck
from reporting.models.reports import QuarterlyReport, ReportFile, ReportMonth
from reporting.models.self_checks import (
    Answer,
    Finding,
    Inspection,
    Question,
    Questionnaire,
    SelfCheck,
)

__all__ = [
    "Answer",
    "Finding",
    "Incident",
    "IncidentClock",
    "IncidentStep",
    "Inspection",
    "InternalControl",
    "PolicyDocument",
    "PolicyVersion",
    "QuarterlyReport",
    "Question",
    "Questionnaire",
    "Regulation",
    "RegulationArticle",
    "RegulationCheck",
    "ReportFile",
    "ReportMonth",
    "SelfCheck",
]
