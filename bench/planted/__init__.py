"""Planted gaps: tenants with holes, and with what looks like holes, known by construction; any tool can be scored with them.

What plants (`graph`, `company`, `kinds`, `tenants`) imports nothing of Perca: it edits raw Graph JSON, and the truth follows from how
it was made. What asks tools (`served`, `tools`) may know them.
"""
