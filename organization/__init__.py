"""The insurer's own people: organisation tree, staff, roles and what each may see."""
