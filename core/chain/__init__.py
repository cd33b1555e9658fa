"""The chain of audit records: walked, sealed by signed heads, and compared with what lies outside.

`walk` names the first link that does not hold; `verify_chain` compares with the heads of the audit
administrator's folder as well, so that a cut tail, an old backup and a second chain show.
Source: EVID-02, EVID-04, EVID-05; docs/adr/0013.
"""

from core.chain.heads import check_chain, export_heads, seal_chain
from core.chain.verify import BadRecord, ChainReport, verify_chain

__all__ = [
    "BadRecord",
    "ChainReport",
    "check_chain",
    "export_heads",
    "seal_chain",
    "verify_chain",
]
