"""What is foreign is parsed apart: in a child process with a deadline and limits, never in ours."""

from service.intake.apart.pool import Pool, call

__all__ = ["Pool", "call"]
