"""What the desk shows, cut by noun."""

from desk.selectors.home import OPEN, open_job_count, open_jobs, recent_jobs, tiles_for

__all__ = ["OPEN", "open_job_count", "open_jobs", "recent_jobs", "tiles_for"]
