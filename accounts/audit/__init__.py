"""The audit log: what admins and managers do and look at."""

from accounts.audit.log import View, act_for_admin, record, record_all, record_view

__all__ = ["View", "act_for_admin", "record", "record_all", "record_view"]
