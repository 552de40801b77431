"""The kinds of gaps, each with the near miss that looks like it."""

from planted.kinds import clients, controls, roles, where, whom
from planted.truth import Kind

KINDS: tuple[Kind, ...] = (*whom.KINDS, *roles.KINDS, *controls.KINDS, *clients.KINDS, *where.KINDS)
