"""The gaps the framework wants closed, and what stands beside them: every measure belongs to one."""

from __future__ import annotations

GAPS = {
    "health-wellbeing": "Health and wellbeing", "care-quality": "Care and quality", "funding-efficiency": "Funding and efficiency",
    "staff-experience": "Staff experience", "capability": "Capability",
}  # fmt: skip
