"""Evidence packs, the check by strangers, the audit trail at the screen."""
