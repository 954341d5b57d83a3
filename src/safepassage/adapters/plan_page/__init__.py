"""Delivery plans as people read them: the coordinator's page, the drivers' pages, a page for a town.

Every page opens from a file, without a network and without a script, in Spanish and in English.
"""
