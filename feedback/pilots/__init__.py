"""Pilots: an improvement tried in some stores against comparison stores, from the plan to the verdict."""
