"""Bulk Data Access: everything of many people, as files of one resource a line.

Source: HL7 Bulk Data Access IG 2.0.
"""
