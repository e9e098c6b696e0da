"""RoleAssignment: the role of one block, and what gave it.

A page has hundreds of blocks and most of their assignments are alike: one without a score is made once, for each role and
source, and shared.
"""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.pipelines.extract.roles.role import Role, RoleSource


@dataclass(frozen=True, slots=True)
class RoleAssignment:
    """A block's role, what gave it, and the probability that the block is body where that was asked; ``why`` says in
    words what the site's other pages have to do with it, where they decided."""

    role: Role
    source: RoleSource
    score: float | None = None
    why: str = ""

    @property
    def told(self) -> str:
        """The source, and why where that is known: what ``role_source`` holds."""
        return f"{self.source}: {self.why}" if self.why else str(self.source)


_SHARED = {source: {role: RoleAssignment(role, source) for role in Role} for source in RoleSource}
by_markup = _SHARED[RoleSource.MARKUP].__getitem__
by_rule = _SHARED[RoleSource.RULE].__getitem__


def by_site_template(role: Role, why: str, score: float | None = None) -> RoleAssignment:
    """The role that the site's other pages give a block, and *why*, in words."""
    return RoleAssignment(role, RoleSource.SITE_TEMPLATE, score, why)


def assigned(role: Role, source: RoleSource) -> RoleAssignment:
    """The shared assignment of *role* by *source*, without a score."""
    return _SHARED[source][role]
