"""Perca moves a Microsoft Entra tenant from per-user MFA to Conditional Access, and proves that nobody loses MFA."""

__version__ = "0.1.0"
