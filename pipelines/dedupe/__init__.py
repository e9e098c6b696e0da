"""Exact and near duplicates among the articles: found, labelled, never deleted."""
