"""A problem in the language of the window: errors are made where there is no Qt, and in English."""

from __future__ import annotations

from dataclasses import replace

from app.language import said
from app.problem import Problem, describe_exception


def problem_words(problem: Problem) -> Problem:
    """The same problem, as a person reads it; the details stay as they are in the log."""
    return replace(
        problem, thing=said(problem.thing), reason=said(problem.reason), remedy=said(problem.remedy)
    )


def exception_words(error: BaseException) -> str:
    """The reason an exception gives, in the language of the window where it is known."""
    return said(describe_exception(error))
