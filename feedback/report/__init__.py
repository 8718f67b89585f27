"""The weekly report: stored results -> Report -> page, JSON, HTML file and text."""

from feedback.report.build import build_report, newest_week

__all__ = ["build_report", "newest_week"]
